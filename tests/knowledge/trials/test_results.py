"""What a result says, what it hides, and what it never keeps quiet about."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.knowledge.trials.actions import amend_trial, issue_result
from lygte.knowledge.trials.content import _more_than_its_measure, compose, prepare, without_small, work_out
from lygte.knowledge.trials.freezing import keep_result
from lygte.knowledge.trials.models import Part, Result, Trial
from lygte.knowledge.trials.pdf import result_pdf
from lygte.knowledge.trials.sheet import Sheet, sheet_of
from lygte.knowledge.trials.standing import refuse_early

from .conftest import REFUSED, SPOKE, live_through, outcome, part_of, plan_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope_of_none", "here")]


def sheet(content: dict[str, Any], language: str = "en") -> Sheet:
    return sheet_of(content, language, issued_at=timezone.now(), content_hash="f" * 64)


def test_a_difference_that_was_put_in_comes_out_with_its_interval(frozen: Callable[..., Trial]) -> None:
    trial = frozen()
    live_through(trial, usual=2, other=4, refused=8)
    content = work_out(trial)
    main = content["outcomes"][0]
    assert main["arms"][0]["e"] == main["arms"][1]["e"] == 48
    assert main["arms"][1]["y"] > 1.6 * main["arms"][0]["y"]
    said = sheet(content)
    assert "More with “Tea first”" in said.finding[0] and "That speaks for “Tea first”." in said.finding[0]
    assert len(content["outcomes"][1]["arms"]) == 2 and content["observed"][0]["seen"] == 16
    assert work_out(trial) == content


def test_no_clear_difference_is_said_in_plain_words(frozen: Callable[..., Trial]) -> None:
    trial = frozen(outcomes=(SPOKE,))
    live_through(trial, usual=3, other=3)
    said = sheet(work_out(trial))
    assert said.finding[0].startswith("No clear difference between “Tea first” and “Leaflet first”")
    assert "does not mean that the methods do the same" in said.finding[1]
    assert "Ingen klar forskel" in sheet(work_out(trial), "da").finding[0]


def test_fewer_can_be_good(frozen: Callable[..., Trial]) -> None:
    trial = frozen(outcomes=(outcome("people_spoken_to", "visit", better="fewer"),))
    live_through(trial, usual=6, other=2)
    assert "That speaks for “Tea first”." in sheet(work_out(trial)).finding[0]


def one(arms: list[tuple[int, int]], unit: str = "visits", per: str = "visits", **more: Any) -> dict[str, Any]:
    said = {
        "arms": [{"y": y, "e": e} for y, e in arms], "unit": {"en": unit}, "per": "visit" if per else "",
        "per_unit": {"en": per} if per else None, "hidden": False, "effects": [{"low": 0}], "carry_over": [],
        "shuffled": [0.5], "cannot": "", "warnings": [],
    }  # fmt: skip
    return {**said, **more}


@pytest.mark.parametrize(
    ("rows", "hidden"),
    [
        ([one([(20, 40), (0, 40)])], [False]),
        ([one([(20, 40), (4, 40)])], [True]),  # a small number
        ([one([(20, 40), (37, 40)])], [True]),  # small is what is left: visits at which it did not happen
        ([one([(20, 40), (37, 40)], unit="contacts")], [False]),
        ([one([(20, 3), (30, 40)], unit="contacts")], [True]),
        ([one([(20, 12), (4, 12)], per="")], [True]),
        ([one([(20, 4), (30, 4)], per="")], [False]),  # four weeks are nobody
        ([one([(20, 9), (30, 9)], per=""), one([(22, 9), (50, 9)], per="")], [False, True]),  # by difference
        ([one([(20, 9), (30, 9)], per=""), one([(26, 9), (50, 9)], per="")], [False, False]),
    ],
)
def test_what_could_point_at_a_few_is_hidden_and_not_kept(rows: list[dict[str, Any]], hidden: list[bool]) -> None:
    found = without_small(copy.deepcopy(rows))
    assert [row["hidden"] for row in found] == hidden
    for row in found:
        if row["hidden"]:
            assert row["arms"] == row["effects"] == row["shuffled"] == row["carry_over"] == row["warnings"] == []


def test_a_hidden_outcome_shows_no_number_anywhere(frozen: Callable[..., Trial]) -> None:
    trial = frozen()
    live_through(trial, refused=1)
    said = sheet(work_out(trial))
    refused = said.outcomes[1]
    assert refused.arms == refused.effects == () and "Hidden" in refused.notes[0]
    assert len(said.marks) == 1


def test_a_plan_changed_after_data_began_is_told_first_and_both_stand_there(
    frozen: Callable[..., Trial], freja: Member
) -> None:
    trial = frozen(outcomes=(SPOKE,))
    live_through(trial, refused=8)
    amend_trial(member=freja, trial=trial, plan=plan_with(outcomes=(REFUSED,)), reason="Talks were few.")
    content = work_out(trial)
    said = sheet(content)
    assert said.loud[0].startswith("The plan was changed after data had begun")
    assert [row["status"] for row in content["outcomes"]] == ["dropped", "added"]
    assert "It is shown all the same" in said.outcomes[0].notes[0] and said.outcomes[0].effects
    assert "after data had begun" in said.outcomes[1].notes[0]
    assert "Talks were few." in said.versions[1][1] and "Main outcome before" in said.versions[1][1]
    untouched = frozen(outcomes=(SPOKE,))
    live_through(untouched)
    assert sheet(work_out(untouched)).loud == ()


def test_stopping_leaving_and_lost_weeks_are_told(frozen: Callable[..., Trial], bogdan: Member) -> None:
    trial = frozen(silent="missing")
    live_through(trial, refused=8)
    part = part_of(trial, bogdan)
    part.state, part.withdrawn_on = Part.State.WITHDRAWN, date(2025, 3, 20)
    part.save()
    trial.state, trial.stopped_on, trial.stop_reason = "stopped", date(2025, 4, 13), "It did harm"
    trial.save()
    content = work_out(trial)
    said = sheet(content)
    assert "stopped early, on 13 April 2025: It did harm." in said.loud[0] and "1 organisation left" in said.loud[1]
    assert sum(row["gone"] for row in content["observed"]) == 2 * 6 + 2 * 2
    assert "lost" in content["outcomes"][0]["warnings"]


def test_nobody_looks_early_or_twice(frozen: Callable[..., Trial], freja: Member) -> None:
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    over = frozen(first_day=monday - timedelta(weeks=9))
    refuse_early(over, monday)
    with pytest.raises(Problem, match=r"409\.711"):
        refuse_early(over, monday - timedelta(days=1))
    content = compose(prepare(over), {"outcomes": [nothing(), nothing()], "made_with": {}})
    result = issue_result(member=freja, trial=over, content=content)
    assert Result.objects.get().content_hash == result.content_hash
    with pytest.raises(Problem, match=r"409\.712"):
        issue_result(member=freja, trial=over, content=content)


def nothing() -> dict[str, Any]:
    return {"effects": [], "carry_over": [], "shuffled": [], "cannot": "nothing"}


def test_a_result_changed_behind_the_record_is_not_shown(
    frozen: Callable[..., Trial], emil: Member, signed_in: Callable[[Member], Any]
) -> None:
    trial = frozen()
    content = compose(prepare(trial), {"outcomes": [nothing(), nothing()], "made_with": {}})
    result = keep_result(trial, member=None, content=content, at=timezone.now())
    with scopes_disabled():
        assert signed_in(emil).get(f"/trials/results/{result.ref}/").status_code == 200
        Result.objects.filter(pk=result.pk).update(content={**content, "title": "Better"})
    answered = signed_in(emil).get(f"/trials/results/{result.ref}/")
    assert answered.status_code == 409 and b"409.717" in answered.content


def test_page_and_paper_survive_names_that_look_like_markup(frozen: Callable[..., Trial]) -> None:
    trial = frozen(arms=("<b>Leaflet</b> & co", "#eval(1) “tea” \u0e0a\u0e32"), outcomes=(SPOKE,))
    live_through(trial)
    said = sheet(work_out(trial))
    drawn = ElementTree.fromstring(said.forest)
    assert drawn.get("role") == "img" and "Leaflet" not in {element.tag for element in drawn.iter()}
    assert "<b>" not in said.forest
    assert result_pdf(said).startswith(b"%PDF")


def test_the_drawing_for_phones_is_narrow_and_no_line_runs_through_words(frozen: Callable[..., Trial]) -> None:
    trial = frozen(outcomes=(SPOKE, REFUSED))
    live_through(trial, refused=8)
    said = sheet(work_out(trial))
    for drawing, widest in ((said.forest, 420), (said.narrow_forest, 300)):
        drawn = ElementTree.fromstring(drawing)
        assert float(drawn.get("viewBox", "").split()[2]) <= widest and drawn.get("font-size") == "13"
        places = [element.get("d", "") for element in drawn.iter() if element.get("stroke-dasharray")]
        lines = [tuple(float(n) for n in re.split("[MV ]", place)[2:]) for place in places]
        baselines = [float(element.get("y", "")) for element in drawn.iter() if element.tag.endswith("text")]
        assert len(lines) == len(said.marks) > 0
        assert not [y for y in baselines for top, end in lines if top < y and y - 11 < end], "through the words"


def test_why_plain_averages_and_the_ratio_differ_is_said_with_the_sureness_of_the_plan(
    frozen: Callable[..., Trial],
) -> None:
    trial = frozen(alpha=0.01)
    live_through(trial)
    said = sheet(work_out(trial))
    assert "within the same site and the same block" in said.why_apart
    assert said.reading[0].startswith("An interval of 99%") and "Of 100 intervals" in said.reading[1]


def test_one_post_with_many_answers_is_warned_of() -> None:
    found: Any = SimpleNamespace(
        frame=SimpleNamespace(arms=2), schedule=[[0, 1, 0, 1]], counted=[[True, True, True, True]]
    )
    for answers, warned in (([4, 5, 4, 5], True), ([4, 1, 4, 5], False)):
        numbers = SimpleNamespace(y=[[answers]], e=[[[40, 1, 40, 50]]])
        outcome: Any = SimpleNamespace(found=found, numbers=numbers)
        assert _more_than_its_measure(outcome, 0) is warned
