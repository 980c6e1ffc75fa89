"""What exchange refuses, and how to go on. Numbers from 610 to 629."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

_nothing = _("Correct the file, or what made it, and bring it in again. Nothing was changed.")

register(
    {
        "403.610": ProblemKind(
            _("No file is made for police, tax or immigration authorities."),
            _("Choose a service of help. What an authority may be told has a register of its own. Nothing left."),
        ),
        "403.611": ProblemKind(
            _("Nobody here agreed to a file for this service."),
            _("Ask the person first, with a last day: their page of consent has the text. Nothing left."),
        ),
        "409.610": ProblemKind(
            _("This has been brought in already."),
            _("Look in the list of cases. To bring it in once more, choose the file again. Nothing was changed."),
        ),
        "409.611": ProblemKind(
            _("The service is closed."),
            _("Choose a service that is open. Nothing left."),
        ),
        "409.612": ProblemKind(
            _("This file is not to be had now: it was made, refused, or waits for a second person."),
            _("See below how it stands, or ask for a new one."),
        ),
        "409.613": ProblemKind(
            _("More than a day has passed since the second person confirmed it."),
            _("Ask for a new file. Nothing left."),
        ),
        "413.610": ProblemKind(
            _("The file is larger than {limit} MB."),
            _("Split it into several files. Nothing was changed."),
        ),
        "422.610": ProblemKind(
            _("This is not a file that Lygte can read."),
            _(
                "Choose a table as CSV, XLSX or JSON with the field names of HTCDS 2.0, or the file that a person took away."
            ),
        ),
        "422.611": ProblemKind(
            _("The file has no column {column}."),
            _("Name the columns as HTCDS 2.0 does, in the first row. Nothing was changed."),
        ),
        "422.612": ProblemKind(
            _("The row does not say that the person agreed."),
            _("Ask them first and write TRUE, or take the row out. Nothing was changed."),
        ),
        "422.613": ProblemKind(_("“{value}” is not in the list of the standard."), _nothing),
        "422.614": ProblemKind(_("“{value}” is not a day. Days look like 2026-11-22."), _nothing),
        "422.615": ProblemKind(
            _("There are {count} rows. At most {most} go at once."),
            _("Split the file. Nothing was changed."),
        ),
        "422.616": ProblemKind(
            _("The text is too long: at most {most} signs are kept."),
            _("Shorten it and bring the file in again. Nothing was changed."),
        ),
        "422.617": ProblemKind(
            _("Nothing would leave."),
            _("Choose at least one field that stands in the record. Nothing left."),
        ),
        "422.618": ProblemKind(
            _("The column {column} stands there twice, or has no name."),
            _("Give every column one name of its own. Nothing was changed."),
        ),
        "422.619": ProblemKind(
            _("A file for several people takes between 2 and {most}."),
            _("Choose other cases. For one person, begin on the page of their case. Nothing left."),
        ),
        "422.620": ProblemKind(
            _("This is not a file that a person took away from Lygte, or it was changed since."),
            _("Ask the person for the file as they got it, ending in .zip. Nothing was changed."),
        ),
        "422.621": ProblemKind(
            _("The row has nothing that could be kept."),
            _("Take the row out. Nothing was changed."),
        ),
        "422.622": ProblemKind(
            _("The file has {count} problems."),
            _nothing,
        ),
        "422.623": ProblemKind(
            _("Some columns hold something that Lygte does not keep."),
            _("Look at them, and say that they are left out. Nothing was changed."),
        ),
        "429.610": ProblemKind(
            _("Enough files for today: {most} by one person alone, {persons} people by an organisation."),
            _("Go on tomorrow, or pass on what one person needs with a referral. Nothing left."),
        ),
    }
)
