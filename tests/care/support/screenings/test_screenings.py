"""A screening goes into a case only with the person's yes, only as far as they chose, and can be looked for nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

import lygte
from lygte.care.screening.handover import Asked, read_again
from lygte.care.screening.library import instruments
from lygte.care.screening.scoring import Result, score
from lygte.care.support.cases.actions import close_case
from lygte.care.support.cases.codes import ENDINGS
from lygte.care.support.cases.models import Case
from lygte.care.support.screenings.actions import keep_screening
from lygte.care.support.screenings.models import Screening
from lygte.care.support.screenings.reads import of_person
from lygte.core.consent import gate
from lygte.core.consent.codes import EVERY_GROUP, Group
from lygte.core.consent.ledger import withdraw_consent
from lygte.core.models import Member
from lygte.core.problems import Problem
from tests.care.support.cases.conftest import SPOKEN, make_case

ClientOf = Callable[[Member], Client]
OLD = Path(__file__).parents[2] / "screening" / "old_results.json"
LABOUR = instruments()["ilo_delphi_labour"]
TOLD = {
    item.path: "yes" for item in LABOUR.items_for("adult") if item.dimension in ("exploitation", "coercion_destination")
}
TOLD |= {item.path: "declined" for item in LABOUR.items_for("adult") if item.dimension == "deceptive_recruitment"}
ASKED = Asked("ilo_delphi_labour", 1, "adult", TOLD)
TRACES = ("ILO Delphi", "ilo_delphi", "Signs of trafficking", "signs_of_trafficking", "Coercion at destination")


def keep(member: Member, case: Case, *parts: str, asked: Asked = ASKED) -> Screening:
    return keep_screening(member=member, person=case.person, asked=asked, parts=parts or ("result", "answers"))


def opened(member: Member, record: Screening) -> dict[str, object]:
    return dict(gate.read(member=member, records=[record]).get(record))


@pytest.mark.parametrize("parts", [("result",), ("answers",), ("result", "answers")])
def test_the_hand_over_carries_only_what_the_person_chose(amina: Member, a_case: Case, parts: tuple[str, ...]) -> None:
    record = keep(amina, a_case, *parts)
    assert set(opened(amina, record)) == {"instrument", "title", "version", "age_group", *parts}
    assert b"ilo_delphi" not in bytes(record.locked)


def test_without_a_yes_to_answers_of_a_screening_nothing_is_written(amina: Member) -> None:
    case = make_case(amina, groups=EVERY_GROUP - {Group.SCREENING})
    with pytest.raises(Problem, match=r"403\.10"):
        keep(amina, case)
    with pytest.raises(Problem, match=r"422\.709"):
        keep_screening(member=amina, person=case.person, asked=ASKED, parts=["everything"])
    assert not Screening.objects.exists()


def test_nothing_is_kept_in_a_case_that_is_closed(amina: Member, a_case: Case) -> None:
    close_case(member=amina, case=a_case, ending=next(iter(ENDINGS)))
    with pytest.raises(Problem, match=r"409\.500"):
        keep(amina, a_case)
    assert not Screening.objects.exists()


def test_who_takes_the_yes_back_is_shown_nothing_of_it_any_more(
    amina: Member, a_case: Case, client_of: ClientOf
) -> None:
    keep(amina, a_case)
    page = reverse("screenings:case", args=[a_case.ref])
    assert "ILO Delphi" in client_of(amina).get(page).content.decode()
    withdraw_consent(member=amina, person=a_case.person, said=SPOKEN, purpose="support", groups=[Group.SCREENING])
    html = client_of(amina).get(page).content.decode()
    assert "ILO Delphi" not in html and "does not agree to keep answers" in html
    assert of_person(amina, a_case.person) == []


def test_a_colleague_outside_the_team_keeps_and_reads_nothing(bogdan: Member, a_case: Case, amina: Member) -> None:
    keep(amina, a_case)
    with pytest.raises(Problem, match=r"403\.11"):
        keep(bogdan, a_case)
    assert of_person(bogdan, a_case.person) == []


def test_the_whole_way_from_the_last_answer_into_the_case(amina: Member, a_case: Case, client_of: ClientOf) -> None:
    other = make_case(amina, groups=EVERY_GROUP - {Group.SCREENING})
    client = client_of(amina)
    answers = {path.replace("/", "__"): value for path, value in TOLD.items()}
    page = client.post(reverse("screening:reading", args=["ilo_delphi_labour"]), answers).content.decode()
    assert "Take it along into a case" in page and 'name="said__exploitation/hours" value="yes"' in page
    hidden = dict(ASKED.hidden())
    chooser = client.post(reverse("screenings:keep"), hidden).content.decode()
    assert a_case.person.code in chooser and "Read the text aloud first" in chooser
    assert f'value="{a_case.ref}"' in chooser and f'value="{other.ref}"' not in chooser
    assert not Screening.objects.exists()
    kept = client.post(reverse("screenings:keep"), hidden | {"case": a_case.ref, "parts": ["result"]}, follow=True)
    assert "The screening is in the case, locked." in kept.content.decode()
    record = Screening.objects.get()
    assert client.post(reverse("screenings:remove", args=[record.ref])).status_code == 302
    assert not Screening.objects.exists()


def test_stored_answers_read_again_give_the_stored_bytes(amina: Member, a_case: Case) -> None:
    record = keep(amina, a_case)
    values = opened(amina, record)
    again = read_again(amina, values)
    assert again is not None and again.canonical().decode() == values["result"]
    assert [one.same for one in of_person(amina, a_case.person)] == [True]
    changed = Screening(organisation=amina.organisation, person=a_case.person, member=amina, day=a_case.opened_on)
    gate.write(member=amina, record=changed, values={**values, "result": f"{values['result']} "})
    assert {one.record.ref: one.same for one in of_person(amina, a_case.person)} == {
        record.ref: True,
        changed.ref: False,
    }
    values["version"] = "2"
    assert read_again(amina, values) is None  # another version is not read by this one's rule


def test_a_result_comes_back_from_its_bytes_as_it_was() -> None:
    for row in json.loads(OLD.read_text())[:200]:
        found = score(instruments()[row["instrument"]], row["answers"], row.get("group", "adult"))
        assert Result.from_canonical(found.canonical()) == found


def test_no_column_in_the_open_says_anything_of_a_screening() -> None:
    columns = {field.name for field in Screening._meta.concrete_fields}
    assert columns == {"id", "ref", "organisation", "person", "version", "locked", "day", "member"}
    assert not {name for name in columns if any(word in name for word in ("result", "reading", "instrument", "answer"))}


def addresses(resolver: URLResolver, namespace: str = "") -> list[str]:
    found = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            found += addresses(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern) and entry.name:
            found.append(namespace + entry.name)
    return found


def test_a_result_is_no_column_filter_search_term_or_sort_key_of_people_on_any_page(
    amina: Member, a_case: Case, client_of: ClientOf
) -> None:
    """Every address without a parameter, asked for by whoever may see most, narrowed and sorted by a result, tells nothing."""
    keep(amina, a_case)
    client = client_of(amina)
    query = {
        "q": "signs_of_trafficking", "screening": "signs_of_trafficking", "result": "positive", "order": "screening",
        "sort": "result", "reading": "signs_of_trafficking", "$filter": "screening eq 1", "$orderby": "result",
    }  # fmt: skip
    looked = 0
    for name in sorted(set(addresses(get_resolver()))):
        if name.startswith(("screening:", "facts:", "account", "mfa", "field:")) or name in ("set_language",):
            continue
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        plain, asked = client.get(address), client.get(address, query)
        if plain.status_code != 200:
            continue
        looked += 1
        text, narrowed = plain.content.decode("utf-8", "replace"), asked.content.decode("utf-8", "replace")
        assert not [trace for trace in TRACES if trace in text], name
        narrowed = narrowed.replace("signs_of_trafficking", "")  # the words of the search stand in its own field
        assert not [trace for trace in TRACES if trace in narrowed], name
    assert looked > 25
    case_page = client.get(reverse("cases:case", args=[a_case.ref])).content.decode()
    assert not [trace for trace in TRACES if trace in case_page]


def test_no_code_but_the_page_of_one_case_reads_screenings() -> None:
    root = Path(lygte.__file__).parent
    naming = {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        if "support.screenings" in file.read_text() and "care/support/screenings" not in str(file)
    }
    assert naming == {"site/settings.py", "site/urls.py"}
    reading = (root / "care/support/screenings/reads.py").read_text()
    assert reading.count("Screening.objects") == 1 and "person__in=family(person)" in reading


def test_what_is_damaged_or_of_an_instrument_that_is_gone_is_shown_as_far_as_it_can_be(
    amina: Member, a_case: Case, client_of: ClientOf
) -> None:
    for values in ({"result": "no result", "answers": "no answers"}, {"instrument": "gone", "answers": {"a/b": "yes"}}):
        record = Screening(organisation=amina.organisation, person=a_case.person, member=amina, day=a_case.opened_on)
        gate.write(member=amina, record=record, values={"title": "Of old", "version": "1", **values})
    shown = of_person(amina, a_case.person)
    assert [(one.title, one.result, one.same) for one in shown] == [("Of old", None, None)] * 2
    assert client_of(amina).get(reverse("screenings:case", args=[a_case.ref])).content.decode().count("Of old") == 2
