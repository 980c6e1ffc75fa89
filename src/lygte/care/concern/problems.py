"""What can be wrong with signs about places and with telling an authority, numbered 680 to 689."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

register(
    {
        "422.680": ProblemKind(_("This choice is not on the list."), _("Choose from the list. Nothing was saved.")),
        "422.681": ProblemKind(
            _("A sign can be noted for today and the {days} days before, not for later and not for earlier."),
            _("Check the day. What is older has ended and counts no more. Nothing was saved."),
        ),
        "422.682": ProblemKind(
            _("Something is missing: the authority, the ground, what the people there say, what is told, or why."),
            _("Fill in what is missing. Nothing was asked and nothing was told."),
        ),
        "422.683": ProblemKind(
            _("The people there do not want it, or were not asked."),
            _("Without a court order nothing is told against their wish. Nothing was asked and nothing was told."),
        ),
        "422.684": ProblemKind(
            _("The place is not a place of concern: no sign was confirmed by a second person."),
            _("Ask for a second look first. Where somebody's life is in danger, choose that as the ground."),
        ),
        "403.680": ProblemKind(
            _("Only whoever noted a sign can take it back."), _("You can object to it instead. Nothing was changed.")
        ),
        "403.681": ProblemKind(
            _("You asked for it yourself; the second person must be another one."),
            _("Ask a coordinator who did not ask for it. Nothing has been told."),
        ),
        "409.680": ProblemKind(_("The place is closed."), _("Open it again first. Nothing was saved.")),
        "409.681": ProblemKind(
            _("You have noted this sign for this day already."), _("Open the place to see it. Nothing was saved twice.")
        ),
        "409.682": ProblemKind(
            _("You noted this sign yourself, or it has been taken back."),
            _("Take back your own sign instead of objecting to it. Nothing was changed."),
        ),
        "409.683": ProblemKind(
            _("This has been decided meanwhile."), _("Open the page again to see how it stands. Nothing was changed.")
        ),
    }
)
