"""A plan file with a slip says where and how to mend it; a hostile one is refused before it costs anything."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from lygte.core.models import Member, Organisation
from lygte.core.problems import CATALOGUE, Problem
from lygte.knowledge.programme.actions import checked_plan, import_plan
from lygte.knowledge.programme.commands import import_plan_file
from lygte.knowledge.programme.models import Baseline, Delivery, Initiative, Plan, StatusReport

from .conftest import ADDENDUM, INVENTED

GOOD = INVENTED.read_text()


def changed(old: str, new: str, count: int = 1) -> bytes:
    assert old in GOOD, old
    return GOOD.replace(old, new, count).encode()


def refused(content: bytes) -> Problem:
    with pytest.raises(Problem) as found:
        checked_plan(content)
    assert found.value.number == "400.300"
    return found.value


def line_of(content: bytes, text: str) -> int:
    return content.decode().split(text)[0].count("\n") + 1


CASES = [
    # what is wrong: (from, to), (number, text on the line), words in the answer
    ("a key with a slip", ("    areas: [NL-GM0518", "    aeras: [NL-GM0518"), ("400.310", "aeras"), "“areas”"),
    (
        "a key that is like no other",
        ("    areas: [NL", "    wibble: 3\n    areas: [NL"),
        ("400.311", "wibble"),
        "purpose",
    ),
    (
        "a language left out",
        ("  nl: Veldwerk in de avond 2026 (verzonnen)\n", ""),
        ("400.312", "  en: Outreach in"),
        "“nl”",
    ),
    ("an unknown kind of fact", ("    fact: visit\n", "    fact: vist\n"), ("400.324", "vist"), "“visit”"),
    ("an unknown dimension", ("    by: place_kind", "    by: plaec_kind"), ("400.326", "plaec_kind"), "“place_kind”"),
    ("an unknown code", ("{outcome: [refused]}", "{outcome: [refusd]}"), ("400.328", "refusd"), "“refused”"),
    ("an unknown code like no other", ("{outcome: [refused]}", "{outcome: [xyz]}"), ("400.329", "xyz"), "not_opened"),
    ("an unknown area", ("[NL-GM0518, NL-GM0363]", "[NL-GM9999, QQ]"), ("400.337", "QQ"), "code of a country"),
    ("an area of another country", ("[NL-GM0518, NL-GM0363]", "[DK-83]"), ("400.347", "[DK-83"), "(NL)"),
    (
        "a month that is none",
        ("from: 2026-01, to: 2026-12}\nowners", "from: 2026-13, to: 2026-12}\nowners"),
        ("400.330", "2026-13"),
        "2017-06",
    ),
    (
        "a period turned round",
        ("from: 2026-01, to: 2026-12}\nowners", "from: 2026-12, to: 2026-01}\nowners"),
        ("400.340", "{from: 2026-12"),
        "2026-12",
    ),
    ("a milestone after the period", ("due: 2026-07", "due: 2027-07"), ("400.341", "2027-07"), "2026-12"),
    ("a season that is none", ("due: spring 2027", "due: sprig 2027"), ("400.331", "sprig"), "spring 2017"),
    ("an unknown choice", ("kind: final", "kind: finl"), ("400.320", "finl"), "“final”"),
    (
        "an unknown source",
        ("source: invented-order}\n  - key: visits-by-kind", "source: invented-ordr}\n  - key: visits-by-kind"),
        ("400.322", "invented-ordr"),
        "“invented-order”",
    ),
    (
        "an indicator that is not declared",
        ("indicators: [people-new", "indicators: [peple-new"),
        ("400.334", "peple-new"),
        "“people-new”",
    ),
    ("a key used twice", ("  - key: people-new\n", "  - key: visits\n"), ("400.315", None), "second time"),
    ("a share of nothing", ("    where: {outcome: [refused]}\n", ""), ("400.343", None), "share"),
    ("a target above all", ("{value: 0.3,", "{value: 30,"), ("400.346", "30, by"), "0.3"),
    ("money that is a word", ("amount: 180000", "amount: plenty"), ("400.313", "plenty"), "a whole number is needed"),
    (
        "a date that is none",
        ("published: 2025-11-03", "published: 2025-11-33"),
        ("400.332", "2025-11-33"),
        "not stated",
    ),
]


@pytest.mark.parametrize(("name", "change", "expected", "words"), CASES, ids=[case[0] for case in CASES])
def test_a_slip_is_told_with_its_line_and_the_way_out(
    name: str, change: tuple[str, str], expected: tuple[str, str | None], words: str
) -> None:
    content = changed(*change)
    problem = refused(content)
    parts = {part.number: part for part in problem.parts}
    assert expected[0] in parts, [str(part) for part in problem.parts]
    part = parts[expected[0]]
    assert words in f"{part.sentence} {part.next_step}"
    assert re.match(r"line \d+, column \d+", str(part.at))
    if expected[1]:
        assert str(part.at).startswith(f"line {line_of(content, expected[1])},"), part.at


def test_the_way_to_a_fault_is_written_in_words() -> None:
    problem = refused(changed("kind: final", "kind: finl"))
    assert str(problem.parts[0].at).endswith("initiatives, number 1 → milestones, number 2 → kind")


def test_several_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = GOOD.replace("due: 2026-07", "due: soon").replace("currency: EUR", "currency: GBP")
    problem = refused(text.encode())
    lines = [int(re.findall(r"\d+", str(part.at))[0]) for part in problem.parts]
    assert len(lines) == 4 and lines == sorted(lines)


def test_every_number_used_is_in_the_catalogue_with_a_next_step() -> None:
    assert all(CATALOGUE[case[2][0]].next_step for case in CASES)


BILLION = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "a bomb of references": (BILLION.encode(), "400.303"),
    "a merge key": (b"a: &x {b: 1}\nc:\n  <<: *x\n", "400.303"),
    "a tag that would run code": (b"key: !!python/object/apply:os.system ['true']\n", "400.305"),
    "a tag of its own": (b"key: !wibble 3\n", "400.305"),
    "a thousand levels": (b"[" * 1000 + b"]" * 1000, "400.304"),
    "levels by indentation": ("".join(f"{' ' * n}a:\n" for n in range(200)).encode(), "400.304"),
    "a very large file": (b"a: b\n" * 100_000, "400.301"),
    "very many values": (b"[" + b"1," * 30_000 + b"1]", "400.301"),
    "two documents": (b"a: 1\n---\nb: 2\n", "400.306"),
    "not UTF-8": (b"\xff\xfe\x00a", "400.302"),
    "a byte that is no letter": (b"a: \x00\n", "400.302"),
    "not YAML": (b"title: [unclosed\nnext: 1\n", "400.307"),
    "a tab": (b"a:\n\tb: 1\n", "400.307"),
    "nothing": (b"", "400.308"),
    "a list": (b"- 1\n- 2\n", "400.308"),
    "a very long number": (b"lygte_plan: " + b"9" * 5000 + b"\n", "400.316"),
    "a number without end": (b"lygte_plan: 1e9999999999\n", "400.312"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_quickly(name: str) -> None:
    content, number = HOSTILE[name]
    started = time.perf_counter()
    problem = refused(content)
    assert time.perf_counter() - started < 5
    assert number in {part.number for part in problem.parts}, [str(part) for part in problem.parts]


def test_the_addendum_says_what_its_source_says() -> None:
    plan = checked_plan(ADDENDUM.read_bytes())
    money = {one.number: one.money.amount if one.money else None for one in plan.initiatives}
    assert money == {1: 3_500_000, 2: 4_500_000, 3: None, 4: None}
    due = {one.number: [(m.kind, m.due) for m in one.milestones] for one in plan.initiatives}
    assert due == {
        1: [("mid_term_status", "2017-06")],
        2: [("mid_term_status", "2017-06")],
        3: [],
        4: [("mid_term_evaluation", "spring 2017")],
    }
    figures = {one.key: (one.value, one.measure) for one in plan.baselines}
    assert figures == {
        "identified": (418, "identified"),
        "identified-prostitution": (356, "identified"),
        "identified-forced-labour": (36, "identified"),
        "ilo-europe": (880_000, "estimated"),
        "ilo-world": (20_900_000, "estimated"),
    }
    assert sum([17, 28, 47, 53, 60, 66, 76, 71]) == 418  # the yearly figures reported to the United Nations
    assert round(356 / 418, 2) == 0.85
    assert plan.initiatives[2].areas == ["DK-85", "DK-83"]
    assert len(plan.initiatives[1].followed_by) == 6
    assert {one.target for one in plan.indicators} == {"none set in the source"}
    assert plan.initiatives[3].indicators == []


def test_an_invented_plan_says_so_in_every_language() -> None:
    plan = checked_plan(INVENTED.read_bytes())
    assert plan.invented
    assert ("invented" in plan.title.en, "opdigtet" in plan.title.da, "verzonnen" in plan.title.nl) == (True,) * 3


def rows() -> dict[str, int]:
    with scopes_disabled():
        return {model.__name__: model.objects.count() for model in (Plan, Initiative, Baseline)}


def test_nothing_is_half_written(dorte: Member) -> None:
    with pytest.raises(Problem):
        import_plan(member=dorte, content=ADDENDUM.read_bytes().replace(b"due: 2017-06", b"due: 2029-06"))
    assert rows() == {"Plan": 0, "Initiative": 0, "Baseline": 0}


def test_importing_again_changes_nothing(dorte: Member) -> None:
    first = import_plan(member=dorte, content=ADDENDUM.read_bytes())
    before = rows()
    again = import_plan(member=dorte, content=ADDENDUM.read_bytes())
    assert (first.new, again.new, again.changes, rows()) == (True, False, [], before)
    assert again.ref == first.ref


def test_a_changed_file_says_what_changed_and_keeps_deliveries_and_issued_reports(
    season: Initiative, dorte: Member
) -> None:
    from lygte.knowledge.programme.actions import issue_report, start_report

    report = issue_report(member=dorte, report=start_report(member=dorte, initiative=season, as_at="2017-06"))
    content = ADDENDUM.read_bytes().replace(b"amount: 3500000", b"amount: 3600000")
    imported = import_plan(member=dorte, content=content)
    assert imported.changes == ["initiatives 1 → money → amount"]
    assert Delivery.objects.filter(initiative=season).count() == 2
    kept = StatusReport.objects.get(pk=report.pk)
    assert (kept.content_hash, kept.frozen) == (report.content_hash, report.frozen)


def test_an_initiative_that_is_delivered_cannot_fall_out_of_the_file(delivered: Initiative, dorte: Member) -> None:
    text = ADDENDUM.read_text()
    start = text.index("  - number: 3")
    without = text[:start] + text[text.index("  - number: 4") :]
    with pytest.raises(Problem) as found:
        import_plan(member=dorte, content=without.encode())
    assert found.value.number == "409.300"
    assert Initiative.objects.filter(plan=delivered.plan).count() == 4


def test_the_command_imports_for_the_only_funder(dorte: Member) -> None:
    imported = import_plan_file(ADDENDUM)
    assert imported.new and imported.plan.organisation == dorte.organisation


def test_the_command_refuses_what_is_no_funder_and_no_file(dorte: Member, bogdan: Member) -> None:
    for arguments, number in (
        ((ADDENDUM, bogdan.organisation.ref), "422.300"),
        ((ADDENDUM, "nobody"), "400.3"),
        (("/no/such/file.yaml", dorte.organisation.name), "400.4"),
    ):
        with pytest.raises(Problem) as found:
            import_plan_file(*arguments)
        assert found.value.number == number
    assert Organisation.objects.filter(plans__isnull=False).count() == 0


def test_the_import_page_shows_every_fault_with_its_line(dorte: Member, signed_in: Callable[[Member], Client]) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = signed_in(dorte)
    broken = SimpleUploadedFile("plan.yaml", changed("kind: final", "kind: finl"))
    page = client.post("/programme/import/", {"file": broken})
    html = page.content.decode()
    assert page.status_code == 400
    assert "Did you mean “final”?" in html and "line " in html
    assert "was not imported" in html
    good = SimpleUploadedFile("plan.yaml", GOOD.encode())
    assert client.post("/programme/import/", {"file": good}).status_code == 302
    assert client.post("/programme/import/", {}).status_code == 400
