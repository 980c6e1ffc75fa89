"""What consent and the gate refuse, and how to go on."""

from django.utils.translation import gettext_lazy as _

from ..problems import ProblemKind, register

register(
    {
        "403.10": ProblemKind(
            _("The person has not agreed to this, or no longer does."),
            _("Ask them, in their language, and record what they answer. Help does not depend on it."),
        ),
        "403.11": ProblemKind(
            _("You are not on the team of this person."),
            _("Ask a colleague on the team. In an emergency you can open a part for an hour, with a reason."),
        ),
        "403.12": ProblemKind(
            _("An emergency opening of yours has not been looked at by a second person in time."),
            _("Ask a coordinator to look at it. Until then you cannot make another."),
        ),
        "403.13": ProblemKind(
            _("Two people are needed for this, and you are the first of them."),
            _("Ask a colleague to confirm it."),
        ),
        "409.13": ProblemKind(
            _("This record is kept by a legal duty until {until}."),
            _("It is erased by itself after that day. The person can read why."),
        ),
        "409.14": ProblemKind(
            _("You are on the team of this person: what they agree to is open to you already."),
            _("Go to the record."),
        ),
        "409.15": ProblemKind(
            _("{name} is on the team already."),
            _("Nothing needs to be done."),
        ),
        "409.16": ProblemKind(
            _("Somebody has looked at this emergency opening already."),
            _("Read what they found."),
        ),
        "409.17": ProblemKind(
            _("A hold stands already, or is waiting to be confirmed."),
            _("End it first, if another is needed."),
        ),
        "422.30": ProblemKind(
            _("This consent would end before it begins, or has no end although one is asked for."),
            _("Choose a last day in the future."),
        ),
        "422.31": ProblemKind(
            _("Nothing was chosen that the person agrees to."),
            _("Choose what they said yes to. A no needs no consent: just leave it out."),
        ),
        "422.32": ProblemKind(
            _("The reason is missing, or too short to be understood by others."),
            _("Write at least one whole sentence. The person and a second colleague will read it."),
        ),
        "422.33": ProblemKind(
            _("{name} cannot work with records of persons."),
            _("Choose a colleague whose role includes it."),
        ),
        "422.34": ProblemKind(
            _("The last day must lie in the future, at most {days} days from now."),
            _("Choose another day. A hold can be set anew when it ends, for good reason."),
        ),
    }
)
