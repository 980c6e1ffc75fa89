"""What can be wrong with taking a screening along, numbered 709."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

register(
    {
        "422.709": ProblemKind(
            _("Nothing was chosen to be taken along."),
            _("Choose what the person agreed to: what came out, the answers, or both. Nothing was kept."),
        ),
    }
)
