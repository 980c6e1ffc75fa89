"""Filled forms sent as a phone sends them: over HTTP, by the OpenRosa rules, with nothing but the standard library.

What is to be sent waits in `demo-to-send.json` and is sent once a server runs. Each form is stored exactly once
however often it is sent, so sending may be broken off and begun again.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from email.utils import formatdate
from pathlib import Path
from random import Random
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from django_scopes import scope, scopes_disabled

from lygte.care.intake.actions import add_device
from lygte.care.intake.instance import build_instance
from lygte.care.intake.models import FormVersion
from lygte.care.intake.openrosa import base_address
from lygte.care.intake.rules import known_paths
from lygte.care.outreach.handover import nest
from lygte.care.outreach.rules import PREFIXES, SHORT_CODE_DIGITS, SHORT_CODE_LETTERS, VisitAnswers
from lygte.core.models import Member

from .cast import MARK, PARTIES, Party, Team
from .folder import TO_SEND
from .visits import DrawnVisit
from .world import World

LOST = {"road": 2, "harbour": 1}  # visits to places whose short code was misread, by team
BOUNDARY = "lygte-invented-phone"


@dataclass(frozen=True)
class Letter:
    """One filled form: whose phone sends it, how often, and its XML."""

    team: str
    worker: str
    times: int
    xml: str


def flat(answers: VisitAnswers) -> dict[str, str]:
    """Return the answers as the questions of the visit form hold them."""
    found: dict[str, str] = {
        "place": answers.place,
        "day": answers.day.isoformat(),
        "outcome": answers.outcome,
        "part_of_day": answers.part_of_day,
        "interpreter": answers.interpreter,
        "announced": {True: "yes", False: "no", None: ""}[answers.announced],
    }
    for name in ("minutes", "team_size", "present", "spoken_to", "new", "refused"):
        value = getattr(answers, name)
        found[name] = str(value) if value else ""
    for dimension, codes in answers.counts.items():
        found.update({PREFIXES[dimension] + code: str(number) for code, number in codes.items()})
    return {name: value for name, value in found.items() if value}


def xml_of(version: FormVersion, answers: Mapping[str, str], instance_id: str) -> str:
    """Return the filled form as XML."""
    return build_instance(
        root=version.outline["root"],
        form_id=version.form.form_id,
        version=version.version,
        instance_id=instance_id,
        answers=nest(answers),
        known=known_paths(version.outline),
    ).decode()


def instance_id(seed: int, *parts: object) -> str:
    """Return an id that is the same whenever the same world is made."""
    return f"uuid:{uuid.UUID(int=Random(f'{seed} instance {parts}').getrandbits(128), version=4)}"  # noqa: S311


def letter_of(seed: int, visit: DrawnVisit, number: int, version: FormVersion, team: Team) -> Letter:
    """Return the letter of a visit; the first one of each team is sent twice, as after a lost answer."""
    xml = xml_of(version, flat(visit.answers), instance_id(seed, visit.party, number))
    return Letter(visit.party, team.workers[visit.worker], 2 if number == 0 else 1, xml)


def letters_nobody_can_place(world: World, party: Party, version: FormVersion, like: list[DrawnVisit]) -> list[Letter]:
    """Return letters about a place that the team does not have; they will need a look."""
    if not like or not party.team:
        return []
    rng = Random(f"{world.seed} misread {party.key}")  # noqa: S311
    taken = {place.short_code for place in world.places[party.key]}
    found = []
    for number in range(LOST.get(party.key, 0)):
        code = next(code for code in _codes(rng) if code not in taken)
        answers = {**flat(like[number % len(like)].answers), "place": code}
        xml = xml_of(version, answers, instance_id(world.seed, party.key, "misread", number))
        found.append(Letter(party.key, party.team.workers[0], 1, xml))
    return found


def _codes(rng: Random) -> Iterator[str]:
    while True:
        yield "".join(rng.choice(part) for part in (SHORT_CODE_LETTERS, SHORT_CODE_DIGITS) * 2)


def write_letters(folder: Path, letters: list[Letter]) -> None:
    (folder / TO_SEND).write_text(json.dumps([asdict(letter) for letter in letters], ensure_ascii=False, indent=1))


def waiting_letters(folder: Path) -> list[Letter]:
    """Return what has not been sent yet."""
    path = folder / TO_SEND
    return [Letter(**fields) for fields in json.loads(path.read_text())] if path.exists() else []


def send_waiting(folder: Path, site: str, advance: Callable[[int], None] = lambda count: None) -> int:
    """Send what waits to a running server, from one new phone for each team; return how many forms were sent."""
    letters = waiting_letters(folder)
    phones: dict[str, str] = {}
    for letter in letters:
        if letter.team not in phones:
            phones[letter.team] = _new_phone(letter, site)
        for _time in range(letter.times):
            send(phones[letter.team], letter.xml.encode())
        advance(1)
    (folder / TO_SEND).unlink(missing_ok=True)
    return len(letters)


def _new_phone(letter: Letter, site: str) -> str:
    """Add a phone for the worker of a letter and return its server address, after the greeting that a phone makes."""
    name = next(party.name for party in PARTIES if party.key == letter.team)
    with scopes_disabled():
        people = Member.objects.select_related("organisation", "user").filter(organisation__name=name)
        member = people.get(user__name=letter.worker + MARK)
    with scope(organisation=member.organisation):
        new = add_device(member=member, label="Phone of the team" + MARK)
    server = base_address(site, new.token)
    status = _ask(Request(f"{server}/submission", method="HEAD"))  # noqa: S310
    if status != 204:
        raise RuntimeError(f"the server answered a greeting with {status}")
    return server


def send(server: str, xml: bytes) -> None:
    """Send one filled form to a phone's server address. Anything but 201 is an error."""
    head = (
        f"--{BOUNDARY}\r\n"
        'Content-Disposition: form-data; name="xml_submission_file"; filename="submission.xml"\r\n'
        "Content-Type: text/xml\r\n\r\n"
    )
    body = head.encode() + xml + f"\r\n--{BOUNDARY}--\r\n".encode()
    request = Request(f"{server}/submission", data=body, method="POST")  # noqa: S310 (our own server)
    request.add_header("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    status = _ask(request)
    if status != 201:
        raise RuntimeError(f"the server answered a filled form with {status}")


def _ask(request: Request) -> int:
    request.add_header("X-OpenRosa-Version", "1.0")
    request.add_header("Date", formatdate(usegmt=True))
    try:
        with urlopen(request, timeout=30) as response:  # noqa: S310 (our own server)
            return int(response.status)
    except HTTPError as error:
        return int(error.code)
