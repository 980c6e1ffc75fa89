"""What can be wrong with instruments, numbered 600 to 619 and 700 to 709."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

register(
    {
        "404.600": ProblemKind(
            _("This instrument has no signs in it: they have not been entered from the source."),
            _("Choose another instrument. Nobody should guess what stands in this one."),
        ),
        "422.700": ProblemKind(
            _("A screening is counted for a municipality."), _("Choose one. Nothing was counted, and nothing was kept.")
        ),
        "422.701": ProblemKind(
            _("The answers do not fit the instrument as it is now."),
            _("Go through it again from its page. Nothing was kept."),
        ),
        "422.702": ProblemKind(
            _("The scoring file cannot be read."),
            _(
                "Look at the line that is named. It must be YAML, begin with “lygte_scoring: 1”, and hold no anchors or tags."
            ),
        ),
        "422.703": ProblemKind(
            _("The scoring file names the indicator “{name}”, which is no question of the workbook."),
            _("Write the name as it stands in the column “name” of the sheet “survey”. Nothing was saved."),
        ),
        "422.704": ProblemKind(
            _("The scoring file says “{name}: {value}”, which is not known."),
            _("Known are: {allowed}. Nothing was saved."),
        ),
        "422.705": ProblemKind(
            _("In the scoring file “{name}” is missing, or is not what it has to be."),
            _("See the example in the documentation of this room. Nothing was saved."),
        ),
        "422.706": ProblemKind(
            _("The indicator “{name}” has a section or a weight that is not known."),
            _("Its section must stand under “sections”; weights are strong, medium or weak. Nothing was saved."),
        ),
        "422.707": ProblemKind(
            _(
                "The rule cannot be used: an indicator stands twice, or something that it looks at is missing ({missing})."
            ),
            _("Add what is missing, or choose the rule “present/1”. Nothing was saved."),
        ),
        "422.708": ProblemKind(
            _("Two files are needed: the workbook and the scoring file."), _("Choose both. Nothing was saved.")
        ),
        "413.702": ProblemKind(
            _("The scoring file is larger than {kilobytes} KB."), _("Shorten it. Nothing was saved.")
        ),
        "409.700": ProblemKind(
            _("Version {version} of “{title}” is there already."),
            _("A changed instrument needs a higher version, so that old answers are read as before."),
        ),
    }
)
