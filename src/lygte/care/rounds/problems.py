"""What can be wrong with a round or a joint control, numbered 660 to 679."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

register(
    {
        "422.660": ProblemKind(
            _("A round can be planned for today or a day within a year from now."),
            _("Choose another day. What you filled in is still there."),
        ),
        "422.661": ProblemKind(
            _("Somebody who should go along is no member of your organisation who may record visits."),
            _("Choose from your colleagues. Nobody of an authority, and nobody else, can have a seat on a round."),
        ),
        "422.662": ProblemKind(
            _("A round together with police, tax, immigration or another authority is no outreach."),
            _(
                "It cannot be planned as a round, and no visit is recorded for it. If it takes place, record it under "
                "“Joint controls”: it is counted there, apart from visits."
            ),
        ),
        "422.663": ProblemKind(
            _("{name} lies in {there}, not in {region}."),
            _("Take it off this round and plan another round for {there}. Nothing was changed."),
        ),
        "422.664": ProblemKind(_("The round has no place yet."), _("Choose at least one place.")),
        "422.665": ProblemKind(
            _("A round has room for {most} places."), _("Leave some for the next round. Nothing was changed.")
        ),
        "422.666": ProblemKind(
            _("One of the places is closed, or is no place of your organisation."),
            _("Choose from the list as it is now. Nothing was changed."),
        ),
        "422.667": ProblemKind(_("Nobody goes on this round yet."), _("Choose who goes.")),
        "422.668": ProblemKind(_("This choice is not on the list."), _("Choose from the list. Nothing was changed.")),
        "422.669": ProblemKind(
            _("The other round goes through {there}, not through {region}."),
            _("Choose a round of the same region. Nothing was changed."),
        ),
        "409.660": ProblemKind(
            _("The round is “{state}”, so this cannot be done with it."),
            _("Look at the round as it is now; another person may have changed it. Nothing was changed."),
        ),
        "409.661": ProblemKind(
            _("The place is on that round already."), _("Choose another round. Nothing was changed.")
        ),
        "409.662": ProblemKind(
            _("The place was visited on this round, so it stays on it."), _("Move places that were not reached.")
        ),
        "409.663": ProblemKind(
            _("A joint control was recorded at this place on {day}: a visit on a joint control is no outreach."),
            _(
                "It is counted under “Joint controls” and not as a visit. If you went there on your own that day, take the "
                "joint control back first. What you filled in is kept."
            ),
        ),
        "409.664": ProblemKind(
            _("A visit to this place is recorded on {day}."),
            _(
                "A joint control is no visit: withdraw the visit first if it was made together with an authority, then "
                "record the joint control. Nothing was changed."
            ),
        ),
        "422.670": ProblemKind(_("The day is in the future."), _("Record a joint control after it took place.")),
    }
)
