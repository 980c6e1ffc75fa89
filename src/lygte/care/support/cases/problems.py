"""What cases refuse, and how to go on. Numbers from 500 to 539."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

register(
    {
        "404.500": ProblemKind(
            _("This calendar address is not in use."),
            _("Make a new one on the page “My day”."),
        ),
        "409.500": ProblemKind(
            _("The case is closed."),
            _("Open it again first. Nothing was changed."),
        ),
        "409.501": ProblemKind(
            _("The case is open."),
            _("There is nothing to open again. Nothing was changed."),
        ),
        "409.502": ProblemKind(
            _("The closing of this case has been looked at already."),
            _("Open the page of the case to see by whom. Nothing was changed."),
        ),
        "403.500": ProblemKind(
            _("Somebody else has to look at what you closed yourself."),
            _("Ask another coordinator."),
        ),
        "422.500": ProblemKind(
            _("{what} is missing or is not one of the choices."),
            _("Choose from the list. Nothing was changed."),
        ),
        "422.501": ProblemKind(
            _("The day is not possible: {day}."),
            _("Choose another day. Nothing was changed."),
        ),
        "422.503": ProblemKind(
            _("By the rules that we know, this period ends on {latest} at the latest."),
            _(
                "Check the decision. If it says otherwise, choose “Another date that must not pass”. Nothing was changed."
            ),
        ),
        "422.502": ProblemKind(
            _("Something is written about “{group}”, but the person did not agree to that."),
            _("Ask them, and tick it if they say yes; or leave it empty. Nothing was saved."),
        ),
    }
)
