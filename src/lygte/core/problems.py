"""Every error that a user can see: a number, a sentence with the details named, and the next step.

The integer part of the number is the HTTP status. Rooms register their own; the documentation page is made from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ProblemKind:
    """The wording of one number: `sentence` and `next_step` may name details in braces."""

    sentence: str | Promise
    next_step: str | Promise


CATALOGUE: dict[str, ProblemKind] = {}


def register(kinds: Mapping[str, ProblemKind]) -> None:
    """Add a room's problems to the catalogue; a number may be given out only once."""
    for number, kind in kinds.items():
        if CATALOGUE.get(number, kind) is not kind:
            raise ValueError(f"problem {number} is registered twice")
        CATALOGUE[number] = kind


class Problem(Exception):
    """Something that could not be done, told to the person who asked for it.

    `at` names the place (a row, a line, a field); `parts` holds several problems found at once.
    """

    def __init__(self, number: str, *, at: str | Promise = "", parts: Sequence[Problem] = (), **details: Any) -> None:
        self.kind = CATALOGUE[number]
        self.number = number
        self.at = at
        self.parts = list(parts)
        self.details = details
        super().__init__(number, at, details)

    @property
    def status(self) -> int:
        return int(self.number.split(".")[0])

    @property
    def sentence(self) -> str:
        return str(self.kind.sentence).format(**self.details)

    @property
    def next_step(self) -> str:
        return str(self.kind.next_step).format(**self.details)

    def __str__(self) -> str:
        place = f" ({self.at})" if self.at else ""
        return f"{self.number}{place}: {self.sentence} {self.next_step}"


register(
    {
        "400.1": ProblemKind(
            _("The request could not be understood."),
            _("Go back, check what you filled in and send it again. Nothing was changed."),
        ),
        "400.2": ProblemKind(
            _("No member has the reference {ref}."),
            _("List the members with “lygte members” and use a reference from there."),
        ),
        "400.3": ProblemKind(
            _("No organisation has the reference or name {ref}."),
            _("List the organisations with “lygte organisations” and use one from there."),
        ),
        "400.4": ProblemKind(
            _("The file {path} could not be read."),
            _("Check the path and that you may read the file. Nothing was changed."),
        ),
        "403.1": ProblemKind(
            _("Your role does not include this."),
            _("If your work needs it, ask the coordinator of your organisation."),
        ),
        "403.2": ProblemKind(
            _("You are signed in, but you are not a member of any organisation."),
            _("Ask the coordinator of your organisation to add you."),
        ),
        "403.3": ProblemKind(
            _("The page had been open too long, or came from somewhere else."),
            _("Go back, load the page again and send it once more. Nothing was changed."),
        ),
        "403.4": ProblemKind(
            _("This invitation is for somebody else."),
            _("Sign out, and open the link again with the account it is for. Nothing was changed."),
        ),
        "404.1": ProblemKind(
            _("There is no such page, or it is not yours to see."),
            _("Check the address, or start again from the front page."),
        ),
        "404.2": ProblemKind(
            _("This link has been used, has expired, or was never valid."),
            _("Ask the coordinator of your organisation for a new link."),
        ),
        "405.1": ProblemKind(
            _("This address does not take that kind of request."),
            _("Go back and use the buttons on the page."),
        ),
        "400.7": ProblemKind(
            _("The folder {folder} holds files that Lygte did not make."),
            _("Move them away, or name another folder with LYGTE_STATIC_DIR. Nothing was changed there."),
        ),
        "408.1": ProblemKind(
            _("Your request came too slowly, and we stopped waiting for it."),
            _("Send it again where the signal is better. Nothing was changed."),
        ),
        "409.1": ProblemKind(
            _("{email} is already a member of this organisation."),
            _("Look for them in the list of members."),
        ),
        "409.2": ProblemKind(
            _("An organisation must keep at least one coordinator."),
            _("Make somebody else coordinator first."),
        ),
        "409.3": ProblemKind(
            _("This account cannot be handed over here, since it also belongs elsewhere."),
            _("The person can sign in with a passkey, or be added with another e-mail address. Nothing was changed."),
        ),
        "409.4": ProblemKind(
            _("No new password can be chosen for this address."),
            _("If you have an account here, sign in with it and open the link again. Nothing was changed."),
        ),
        "400.5": ProblemKind(
            _("There are no data of Lygte in {folder}."),
            _("Make them with “./lygte migrate” or “./lygte demo” and the same --data, or correct the folder."),
        ),
        "400.6": ProblemKind(
            _("Several organisations can be meant: {names}."),
            _("Say which one with --organisation. Nothing was changed."),
        ),
        "400.550": ProblemKind(
            _("The database may lose what it has acknowledged: {setting} is “{value}”."),
            _("Set {setting} to {wanted} for the database, its role and its server, then start again."),
        ),
        "413.10": ProblemKind(
            _("What you sent is larger than {limit} MB."),
            _("Send less at a time. Nothing was changed."),
        ),
        "422.1": ProblemKind(
            _("A member of an organisation of the kind “{kind}” cannot have the role “{role}”."),
            _("Choose a role that the organisation can have."),
        ),
        "422.10": ProblemKind(
            _("This holds {what}."),
            _("Lygte keeps personal numbers nowhere. Take it out and save again. Nothing was saved."),
        ),
        "422.11": ProblemKind(
            _("This seems to hold {what}."),
            _("Take it out, or say below that you have looked, and save again. Nothing was saved yet."),
        ),
        "500.1": ProblemKind(
            _("Something went wrong on our side."),
            _("Try again in a moment. What you had saved before is safe."),
        ),
        "503.10": ProblemKind(
            _("Too much is being sent to us at once."),
            _("Send it again in a few minutes. Nothing was changed."),
        ),
        "503.550": ProblemKind(
            _("The database does not answer just now."),
            _("Try again in a few minutes. What was saved before is safe."),
        ),
        "503.551": ProblemKind(
            _("There is no room left here for what you sent."),
            _("Send it again later. Those who run this server must make room. Nothing was changed."),
        ),
        "503.11": ProblemKind(
            _("Too many large files are being fetched at once."),
            _("Fetch it again in a few minutes. Nothing was changed."),
        ),
    }
)
