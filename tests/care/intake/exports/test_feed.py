"""A feed as Excel and Power BI read it: who may, what they may ask, page after page; and everything else is told."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lygte.care.intake.exports.actions import close_feed, make_feed
from lygte.care.intake.exports.odata import pages
from lygte.care.intake.exports.odata.filters import filter_of
from lygte.care.intake.models import FormVersion, Submission
from lygte.core.models import AuditEntry, Member, Role
from lygte.core.problems import Problem

from .conftest import Reader, answers, at, put

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"


@pytest.fixture
def three(round_form: FormVersion, bogdan: Member, amina: Member) -> list[Submission]:
    """Three filled forms of three days; the second one edited, and one that an edit replaced beside them."""
    items = [{"what": "x", "part": [{"size": 1}, {"size": 2}]}, {"what": "y"}]
    first = put(round_form, amina, answers(note="one", people=3, item=items), received_at=at("2026-01-05T10:00:00Z"))
    second = put(
        round_form, bogdan, answers(note="two", about={"name": "N"}), received_at=at("2026-02-06T11:30:15Z"),
        review="edited",
    )  # fmt: skip
    third = put(
        round_form, amina, answers(note="three", people="many", item=[{"what": "z"}]),
        received_at=at("2026-03-07T23:59:59Z"), review="has_issues",
    )  # fmt: skip
    old = put(round_form, amina, answers(note="before"), received_at=at("2026-01-01T10:00:00Z"))
    Submission.objects.filter(pk=old.pk).update(replaced_by=second)
    second.first = old.ref  # type: ignore[attr-defined]
    return [first, second, third]


def refs(rows: list[dict[str, Any]]) -> list[str]:
    return [row["__id"] for row in rows]


# Who may ---------------------------------------------------------------------------------------------------------------


def test_the_key_opens_by_bearer_and_as_a_password(reader: Reader) -> None:
    assert reader.get().status_code == 200
    basic = base64.b64encode(f"feed:{reader.new.token}".encode()).decode()
    assert reader.get(Authorization=f"Basic {basic}").status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer x", "Basic ***", "Basic Og==", "Digest x", "Basic w6U="])
def test_without_the_key_nothing_opens_and_the_client_is_asked_for_a_password(reader: Reader, header: str) -> None:
    for path in ("", "/$metadata", "/Submissions", "/Submissions/$count", "/Elsewhere"):
        response = reader.get(path, Authorization=header)
        assert response.status_code == 401 and response["WWW-Authenticate"].startswith("Basic")
        assert response.json()["error"]["code"] == "401.491"


def test_a_key_opens_one_form_only(reader: Reader, bogdan: Member, chika: Member, basic: FormVersion) -> None:
    assert reader.get(ref=basic.form.ref).status_code == 401
    assert reader.get(ref="a" * 26).status_code == 401


def test_a_closed_feed_is_shut_at_once(reader: Reader, bogdan: Member) -> None:
    close_feed(member=bogdan, feed=reader.new.feed)
    assert reader.get().status_code == 401
    with pytest.raises(Problem, match=r"409\.497"):
        close_feed(member=bogdan, feed=reader.new.feed)


def test_a_feed_ends_with_who_made_it(reader: Reader, bogdan: Member) -> None:
    Member.objects.filter(pk=bogdan.pk).update(role=Role.WORKER)
    assert reader.get().status_code == 401
    Member.objects.filter(pk=bogdan.pk).update(role=Role.COORDINATOR, active=False)
    assert reader.get().status_code == 401


def test_only_a_hash_of_the_key_is_kept(reader: Reader, bogdan: Member) -> None:
    assert reader.new.token not in str(list(type(reader.new.feed).objects.values()))
    assert reader.new.token not in str(list(AuditEntry.objects.values()))


def test_a_worker_can_make_no_feed(round_form: FormVersion, amina: Member) -> None:
    with pytest.raises(Problem, match=r"403\.1"):
        make_feed(member=amina, form=round_form.form, label="x")


def test_a_feed_is_read_and_never_written(reader: Reader) -> None:
    client, headers = Client(), {"Authorization": f"Bearer {reader.new.token}"}
    for ask in (client.post, client.put, client.patch, client.delete):
        response = ask(f"/odata/{reader.form.ref}.svc/Submissions", headers=headers)
        assert response.status_code == 405 and response.json()["error"]["code"] == "405.495"


# The log ---------------------------------------------------------------------------------------------------------------


def lines() -> list[tuple[str, dict[str, Any]]]:
    return list(AuditEntry.objects.filter(verb="submission.feed").order_by("pk").values_list("subject", "details"))


def test_each_reading_leaves_one_line_however_many_pages(reader: Reader, three: list[Submission]) -> None:
    assert lines() == []
    assert len(reader.rows("/Submissions", Prefer="odata.maxpagesize=1")) == 3
    assert lines() == [(reader.new.ref, {"table": "Submissions"})]
    reader.get("/Submissions_item")
    reader.get("/Submissions/$count")
    reader.get(f"/Submissions('{three[0].ref}')")
    assert len(lines()) == 4
    reader.new.feed.refresh_from_db()
    assert reader.new.feed.last_read == timezone.localdate()


# Shape -----------------------------------------------------------------------------------------------------------------


def test_the_service_document_lists_the_tables(reader: Reader) -> None:
    response = reader.get()
    assert response["OData-Version"] == "4.0" and response["Content-Type"].startswith(
        "application/json;odata.metadata="
    )
    told = response.json()
    assert told["@odata.context"].endswith(f"/odata/{reader.form.ref}.svc/$metadata")
    assert [one["url"] for one in told["value"]] == ["Submissions", "Submissions_item", "Submissions_item_part"]
    assert reader.get("/").json() == told


def test_the_metadata_says_what_every_row_holds(reader: Reader, three: list[Submission]) -> None:
    response = reader.get("/$metadata", Accept="application/json;q=1.0,application/xml;q=0.7,*/*;q=0.1")
    assert response["Content-Type"].startswith("application/xml")
    tree = ElementTree.fromstring(response.content)
    kinds = {one.get("Name"): one for one in tree.iter() if one.tag in (f"{EDM}EntityType", f"{EDM}ComplexType")}
    sets = {one.get("Name"): one.get("EntityType") for one in tree.iter(f"{EDM}EntitySet")}
    assert set(sets) == {"Submissions", "Submissions_item", "Submissions_item_part"}
    for name, kind in sets.items():
        for row in reader.rows(f"/{name}"):
            fits(row, kinds, str(kind).rpartition(".")[2])
    people = kinds["Submissions"].find(f"{EDM}Property[@Name='people']")
    assert people is not None and people.get("Type") == "Edm.Int64"


def fits(row: dict[str, Any], kinds: dict[Any, Any], kind: str) -> None:
    """See that a row has exactly the properties of its type, groups included."""
    declared = {one.get("Name"): str(one.get("Type")) for one in kinds[kind].findall(f"{EDM}Property")}
    assert {name for name in row if "@odata." not in name} == set(declared)
    links = {f"{one.get('Name')}@odata.navigationLink" for one in kinds[kind].findall(f"{EDM}NavigationProperty")}
    assert {name for name in row if "@odata." in name} == links
    for name, type_name in declared.items():
        if not type_name.startswith("Edm."):
            fits(row[name], kinds, type_name.rpartition(".")[2])


def test_the_metadata_comes_as_json_where_it_is_asked_for(reader: Reader) -> None:
    for response in (reader.get("/$metadata?$format=json"), reader.get("/$metadata", Accept="application/json")):
        told = response.json()
        assert told["lygte.form"]["Submissions"]["people"] == {"$Type": "Edm.Int64", "$Nullable": True}
        assert told["lygte.form"]["Feed"]["Submissions"]["$Collection"] is True
    assert reader.get("/$metadata?$format=xml", Accept="application/json")["Content-Type"].startswith("application/xml")


# Rows ------------------------------------------------------------------------------------------------------------------


def test_rows_are_typed_and_what_does_not_fit_is_kept(reader: Reader, three: list[Submission]) -> None:
    one, two, many = reader.rows("/Submissions")
    assert (one["note"], one["people"], one["__system"]["reviewState"]) == ("one", 3, None)
    assert two["about"]["name"] == "N"
    assert many["people"] is None and json.loads(many["__other"]) == {"people": "many"}
    assert many["__system"]["reviewState"] == "hasIssues"
    assert one["__system"]["submissionDate"] == "2026-01-05T10:00:00+00:00" and one["__system"]["updatedAt"] is None


def test_an_edit_keeps_the_key_of_what_it_replaced(reader: Reader, three: list[Submission]) -> None:
    rows = reader.rows("/Submissions")
    assert refs(rows) == [three[0].ref, three[1].first, three[2].ref]  # type: ignore[attr-defined]
    assert rows[1]["note"] == "two" and rows[1]["__system"]["edits"] == 1
    assert rows[1]["__system"]["updatedAt"].startswith("2026-02-06")
    assert reader.get(f"/Submissions('{three[1].first}')").json()["note"] == "two"  # type: ignore[attr-defined]
    assert reader.get(f"/Submissions('{three[1].ref}')").status_code == 404


def test_trash_and_encrypted_forms_are_in_no_answer(
    reader: Reader, round_form: FormVersion, amina: Member, three: list[Submission]
) -> None:
    hidden = [
        put(round_form, amina, answers(note="gone", item=[{"what": "gone"}]), trashed_at=timezone.now()),
        put(round_form, amina, answers(note="sealed", item=[{"what": "sealed"}]), encrypted=True),
    ]
    said = "".join(reader.get(f"/{name}").content.decode() for name in ("Submissions", "Submissions_item"))
    assert "gone" not in said and "sealed" not in said
    assert reader.get("/Submissions/$count").content == b"3"
    assert [reader.get(f"/Submissions('{one.ref}')").status_code for one in hidden] == [404, 404]


def test_repeats_are_tables_rows_and_links(reader: Reader, three: list[Submission]) -> None:
    items = reader.rows("/Submissions_item")
    assert [(row["what"], row["__position"], row["__parent_id"]) for row in items] == [
        ("x", 1, three[0].ref), ("y", 2, three[0].ref), ("z", 1, three[2].ref),
    ]  # fmt: skip
    parts = reader.rows("/Submissions_item_part")
    assert [(row["size"], row["__parent_id"], row["__submission_id"]) for row in parts] == [
        (size, items[0]["__id"], three[0].ref) for size in (1, 2)
    ]
    (whole, *_rest) = reader.rows("/Submissions")
    link = f"/{whole['item@odata.navigationLink']}"
    assert refs(reader.rows(link)) == refs(items[:2])
    deeper = f"/{items[0]['part@odata.navigationLink']}"
    assert reader.rows(deeper) == parts
    assert reader.get(f"/Submissions_item('{items[1]['__id']}')").json()["what"] == "y"


def test_expand_puts_rows_into_their_parents(reader: Reader, three: list[Submission]) -> None:
    one, _two, many = reader.rows("/Submissions?$expand=*")
    assert [part["size"] for part in one["item"][0]["part"]] == [1, 2]
    assert [item["what"] for item in many["item"]] == ["z"]
    assert not [name for name in one if "navigationLink" in name]
    assert reader.rows("/Submissions_item?$expand=*")[0]["part"] == one["item"][0]["part"]


def test_select_narrows_to_what_was_asked(reader: Reader, three: list[Submission]) -> None:
    rows = reader.rows("/Submissions?$select=__id,people,about/name,__system/submissionDate,item")
    assert set(rows[0]) == {"__id", "people", "about", "__system", "item@odata.navigationLink"}
    assert rows[1]["about"] == {"name": "N"} and set(rows[0]["__system"]) == {"submissionDate"}
    assert reader.rows("/Submissions?$select=*") == reader.rows("/Submissions")
    assert reader.get("/Submissions?$select=nothing").json()["error"]["code"] == "400.493"


# Pages -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize(
    "order",
    [
        "",
        "__system/submissionDate desc",
        "__system/submissionDate",
        "__system/reviewState",
        "__system/updatedAt desc,__system/deletedAt",
    ],
)
def test_pages_give_every_row_once(
    reader: Reader, round_form: FormVersion, amina: Member, size: int, order: str
) -> None:
    same = at("2026-01-05T10:00:00Z")
    made = [put(round_form, amina, received_at=same + timedelta(days=n // 3)).ref for n in range(7)]
    lengths: list[int] = []
    path = "/Submissions" + (f"?$orderby={order}" if order else "")
    found = refs(reader.rows(path, lengths, Prefer=f"odata.maxpagesize={size}"))
    assert sorted(found) == sorted(made) and lengths == [size] * (7 // size) + [7 % size] * (7 % size > 0)
    if "submissionDate" in order:
        assert found == (made[::-1] if order.endswith("desc") else made)


@pytest.mark.parametrize("query", ["$top=5&$skip=1", "$skip=1&$top=5&$orderby=__system/submissionDate", "$skip=1&$top=5&$orderby=__system/submitterId"])  # fmt: skip
def test_top_and_skip_hold_over_pages(reader: Reader, round_form: FormVersion, amina: Member, query: str) -> None:
    made = [put(round_form, amina, received_at=at("2026-01-05T10:00:00Z") + timedelta(days=n)).ref for n in range(8)]
    lengths: list[int] = []
    assert refs(reader.rows(f"/Submissions?{query}", lengths, Prefer="odata.maxpagesize=2")) == made[1:6]
    assert lengths == [2, 2, 1]
    assert reader.rows("/Submissions?$top=0") == []


def test_pages_of_a_repeat_may_begin_in_the_middle_of_a_form(
    reader: Reader, round_form: FormVersion, amina: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SCANNED", 2)
    for number in range(6):
        put(round_form, amina, answers(item=[{"what": f"{number}-{place}"} for place in range(number % 4)]))
    wanted = [f"{number}-{place}" for number in range(6) for place in range(number % 4)]
    for size in (1, 2, 5):
        found = reader.rows("/Submissions_item", Prefer=f"odata.maxpagesize={size}")
        assert [row["what"] for row in found] == wanted
        some = reader.rows("/Submissions_item?$skip=2&$top=4", Prefer=f"odata.maxpagesize={size}")
        assert [row["what"] for row in some] == wanted[2:6]
    assert reader.get("/Submissions_item?$count=true&$top=1").json()["@odata.count"] == len(wanted)
    monkeypatch.setattr(pages, "COUNTED", 5)
    assert reader.get("/Submissions_item/$count").status_code == 501


def test_what_happens_between_two_pages_changes_nothing_in_them(
    reader: Reader, round_form: FormVersion, amina: Member
) -> None:
    made = [put(round_form, amina, answers(note=str(number))) for number in range(4)]
    page = reader.get("/Submissions?$count=true", Prefer="odata.maxpagesize=2").json()
    edit = put(round_form, amina, answers(note="edit"))
    Submission.objects.filter(pk=made[3].pk).update(replaced_by=edit)
    Submission.objects.filter(pk=made[2].pk).update(trashed_at=timezone.now())
    rest = reader.rows(page["@odata.nextLink"])
    assert page["@odata.count"] == 4 and [row["note"] for row in rest] == ["2", "3"]


def test_a_page_is_bounded_in_bytes_too(
    reader: Reader, round_form: FormVersion, amina: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_BYTES", 3_000)
    for _time in range(4):
        put(round_form, amina, answers(note="x" * 2_000))
    lengths: list[int] = []
    assert len(reader.rows("/Submissions", lengths)) == 4 and lengths == [1, 1, 1, 1]


def test_a_mark_of_another_table_filter_or_hand_is_refused(
    reader: Reader, three: list[Submission], bogdan: Member
) -> None:
    page = reader.get("/Submissions", Prefer="odata.maxpagesize=1").json()
    mark = page["@odata.nextLink"].partition("skiptoken=")[2]
    assert reader.get(f"/Submissions?$skiptoken={mark}").status_code == 200
    for path in (
        f"/Submissions_item?$skiptoken={mark}",
        f"/Submissions?$skiptoken={mark[:-1]}",
        f"/Submissions?$select=note&$skiptoken={mark}",
        "/Submissions?$skiptoken=x",
    ):
        assert reader.get(path).json()["error"]["code"] == "400.496"
    assert Reader(reader.form, bogdan).get(f"/Submissions?$skiptoken={mark}").status_code == 400


# Filters ---------------------------------------------------------------------------------------------------------------

S = "__system/submissionDate"
FILTERS = {
    f"{S} gt 2026-02-01T00:00:00.000Z": [1, 2],
    f"{S} ge 2026-02-06T11:30:15Z and {S} lt 2026-03-07": [1],
    f"2026-02-01 lt {S}": [1, 2],
    f"{S} eq 2026-02-06T12:30:15%2B01:00": [1],
    f"{S} ne 2026-02-06T11:30:15Z": [0, 2],
    f"year({S}) eq 2026 and month({S}) eq 3": [2],
    f"day({S}) eq 5 or hour({S}) eq 11": [0, 1],
    f"minute({S}) eq 30 and second({S}) eq 15": [1],
    f"{S} lt now()": [0, 1, 2],
    f"not ({S} lt 2026-02-01 or month({S}) eq 3)": [1],
    "__system/reviewState eq null": [0],
    "__system/reviewState ne null": [1, 2],
    "__system/reviewState eq 'hasIssues'": [2],
    "__system/reviewState eq 'edited' or __system/reviewState eq 'hasIssues'": [1, 2],
    "__system/updatedAt ne null": [1],
    "__system/deletedAt eq null": [0, 1, 2],
    "__system/submitterId eq '{amina}'": [0, 2],
    "__system/submitterId eq 'it''s nobody'": [],
}


@pytest.mark.parametrize("text", FILTERS)
def test_filters_find_what_they_say(reader: Reader, three: list[Submission], amina: Member, text: str) -> None:
    asked = text.replace("{amina}", amina.ref)
    wanted = [[three[0].ref, three[1].first, three[2].ref][place] for place in FILTERS[text]]  # type: ignore[attr-defined]
    assert refs(reader.rows(f"/Submissions?$filter={asked}")) == wanted
    assert reader.get(f"/Submissions/$count?$filter={asked}").content == str(len(wanted)).encode()
    items = asked.replace("__system/", "$root/Submissions/__system/")
    found = reader.rows(f"/Submissions_item?$filter={items}", Prefer="odata.maxpagesize=1")
    assert {row["__submission_id"] for row in found} == {ref for ref in wanted if ref != three[1].first}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "query, status",
    [
        ("$search=x", 501), ("$apply=aggregate(x)", 501), ("wkt=true", 501), ("$expand=item", 501), ("$format=xml", 501),
        ("$filter=people eq 3", 501), (f"$filter=contains({S},'x')", 501), ("$filter=1 eq 1", 501),
        ("$orderby=people", 501), ("$filter=__system/state eq 'x'", 501), ("$filter=$root/Submissions/__system/submissionDate lt now()", 501),
        ("$top=x", 400), ("$top=-1", 400), ("$skip=1.5", 400), ("$top=99999999999999999999", 400), ("$count=maybe", 400),
        ("$top=1&$top=2", 400), ("$orderby=__system/submissionDate up", 400), (f"$filter={S}", 400), (f"$filter={S} gt", 400),
        (f"$filter={S} gt 'x'", 400), (f"$filter={S} gt null", 400), (f"$filter=({S} lt now()", 400),
        (f"$filter={S} lt now())", 400), (f"$filter={S} lt 2026-13-01", 400), ("$filter=%00", 400), ("$filter='", 400),
        (f"$filter={'not ' * 100}{S} lt now()", 400), (f"$filter={'(' * 100}{S}", 400), ("$filter=" + "x" * 3000, 400),
    ],
)  # fmt: skip
def test_anything_else_is_told_and_nothing_is_logged(
    reader: Reader, three: list[Submission], query: str, status: int
) -> None:
    response = reader.get(f"/Submissions?{query}")
    assert response.status_code == status, response.content
    error = response.json()["error"]
    assert error["code"].startswith(str(status)) and error["message"]
    assert response["OData-Version"] == "4.0" and lines() == []


@pytest.mark.parametrize(
    "path", ["/Nothing", "/Submissions('x')", "/Submissions('x')/item", "/Submissions/item", "/Submissions('", "/$batch",
             "/Submissions(1)", "/submissions"],
)  # fmt: skip
def test_what_is_not_there_is_404(reader: Reader, three: list[Submission], path: str) -> None:
    assert reader.get(path).json()["error"]["code"] == "404.490"


WORDS = st.sampled_from([
    S, "__system/reviewState", "null", "'a'", "2026-01-01", "7", "eq", "ne", "lt", "and", "or", "not", "(", ")",
    "year(", "now()", ",", "'", "$root/Submissions/__system/updatedAt", "\0", "-", "å",
])  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(words=st.lists(WORDS, max_size=12))
def test_whatever_is_written_as_a_filter_is_a_condition_or_a_problem(round_form: FormVersion, words: list[str]) -> None:
    with scope(organisation=round_form.organisation):
        for at_root in (True, False):
            try:
                condition = filter_of(" ".join(words), at_root=at_root)
            except Problem as problem:
                assert problem.status in (400, 501)
            else:
                list(Submission.objects.filter(condition))


def test_moments_are_told_in_utc_whatever_the_clock_here_says(
    reader: Reader, round_form: FormVersion, amina: Member
) -> None:
    put(
        round_form,
        amina,
        answers(at="2026-07-01T01:30:00.000+02:00", day="2026-07-01"),
        received_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC),
    )
    (row,) = reader.rows(f"/Submissions?$filter=day({S}) eq 30 and hour({S}) eq 23")
    assert row["at"] == "2026-07-01T01:30:00+02:00" and row["day"] == "2026-07-01"
