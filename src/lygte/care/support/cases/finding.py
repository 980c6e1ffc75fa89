"""Finding a person again by name or telephone: by blind tokens, and then by what was opened and compared.

A search finds whole names and numbers of one's own people, and nothing else of them: no search by health, nationality,
papers, a result or an identification exists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lygte.core.consent import gate
from lygte.core.consent.codes import Group, Via
from lygte.core.consent.ledger import on_withdrawal
from lygte.core.consent.models import LockedModel, Person
from lygte.core.models import Member
from lygte.core.vault import index
from lygte.core.vault.models import SearchToken

from .models import Name, Reach

LEAST_DIGITS = 6
MOST_OPENED = 100


def year_of(born: str) -> int | None:
    """Return the year in a date of birth as somebody wrote it."""
    found = re.search(r"\b(19|20)\d\d\b", born)
    return int(found[0]) if found else None


def words_of(name: Mapping[str, Any], reach: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what may be searched for of a person: how the names sound, with and without the year, and the number."""
    names = f"{name.get('called', '')} {name.get('name', '')}"
    born = year_of(str(name.get("born", "")))
    phones = [index.phone(str(reach.get("phone", "")))]
    return {
        index.NAME: sorted({*index.name_and_year(names, None), *index.name_and_year(names, born)}),
        index.PHONE: [one for one in phones if len(one) >= LEAST_DIGITS],
    }


def remember(member: Member, person: Person) -> None:
    """Store the tokens of a person anew, from what they agree to now; inside the caller's action."""
    records: list[LockedModel] = [
        *Name.objects.filter(person=person).select_related("person"),
        *Reach.objects.filter(person=person).select_related("person"),
    ]
    opened = gate.read(member=member, records=records, via=Via.CHANGE) if records else gate.Opened()
    by_kind = {type(record): opened.get(record) for record in records}
    values = words_of(by_kind.get(Name, {}), by_kind.get(Reach, {}))
    index.put_tokens(member=member, person=person.ref, values=values)


@on_withdrawal
def forget(person: Person, line: Any) -> None:
    """Take away the tokens of what the person no longer agrees to being kept."""
    agreed = gate.agreed_groups([person], purpose="support")[person.pk]
    for field, group in ((index.NAME, Group.IDENTITY), (index.PHONE, Group.CONTACT)):
        if group not in agreed:
            SearchToken.objects.filter(person=person.ref, field=field).delete()


def found(member: Member, words: str) -> list[int]:
    """Return the primary keys of the member's people who are called so, or have that number.

    Who may be meant is opened through the gate and compared; nothing of the others is shown, and the look is in the
    list that each of them can read.
    """
    if getattr(member, "keyring", None) is None:
        return []
    number = index.phone(words)
    sounds = {index.sound_of(word) for word in re.split(r"[\s\-'’.,]+", words)} - {""}
    models: list[tuple[type[LockedModel], list[str]]] = []
    if len(number) >= LEAST_DIGITS:
        models.append((Reach, index.find(member=member, field=index.PHONE, values=[number])))
    elif sounds:
        models.append((Name, _by_every_word(member, index.name_and_year(words, None))))
    matching = []
    for model, refs in models:
        mine = model._default_manager.filter(
            person__ref__in=refs[: MOST_OPENED * 10], person__seats__member=member, person__seats__until=None
        )
        records = list(mine.select_related("person")[:MOST_OPENED])
        opened = gate.read(member=member, records=records, via=Via.SEARCH)
        matching += [one.person_id for one in records if _matches(opened.get(one), sounds, number)]
    return matching


def _by_every_word(member: Member, values: list[str]) -> list[str]:
    """Return who may be called by all of the words: each of them alone would bring too many to be opened."""
    each = [set(index.find(member=member, field=index.NAME, values=[one])) for one in values]
    return sorted(set.intersection(*each)) if each else []


def _matches(values: Mapping[str, Any], sounds: set[str], number: str) -> bool:
    if len(number) >= LEAST_DIGITS:
        return index.phone(str(values.get("phone", ""))) == number
    names = f"{values.get('called', '')} {values.get('name', '')}"
    return sounds <= {index.sound_of(word) for word in re.split(r"[\s\-'’.,]+", names)}
