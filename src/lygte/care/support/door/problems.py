"""What can go wrong with slips and at the person's own door."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

register(
    {
        "403.580": ProblemKind(
            _("You are not on the team of this person, so you cannot make or end their slip."),
            _("Ask a colleague on the team to do it."),
        ),
        "404.580": ProblemKind(
            _("This is not there any more."),
            _("Go back and load the page again."),
        ),
        "409.580": ProblemKind(
            _("This was answered already."),
            _("Load the page again to read the answer."),
        ),
        "422.580": ProblemKind(
            _("The code of the slip could not be read."),
            _("A slip is shown once. Make a new one: the one before stops working."),
        ),
        "422.581": ProblemKind(
            _("This is not a file that somebody took away from their record, or it is from a newer version."),
            _("Choose the zip file as it was saved. Nothing was changed."),
        ),
    }
)
