"""A plan and its history in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from lygte.knowledge.programme import formats

from .plan import BETTER, DESIGNS, SILENT, UNITS, Outcome, Plan, plan_of
from .registry import Registered


def language() -> str:
    return (get_language() or "en")[:2]


def day(value: Any) -> str:
    """Write a day, given as a date or in ISO form."""
    from datetime import date

    return formats.day(date.fromisoformat(value) if isinstance(value, str) else value, language())


def outcome_in_words(one: Outcome) -> str:
    """Say what is counted, per what."""
    if one.per is None:
        return one.measure.label()
    return pgettext("outcome", "{count}, per: {per}").format(count=one.measure.label(), per=one.per.label())


def length(plan: Plan, count: int) -> str:
    """Write a number of periods as weeks or days."""
    if plan.unit == "team_day":
        return ngettext("{count} working day", "{count} working days", count).format(count=count)
    return ngettext("{count} week", "{count} weeks", count).format(count=count)


def plan_rows(plan: Plan) -> list[tuple[str, list[str]]]:
    """Return a plan as headings with what stands under them."""
    first = plan.first_day
    when = (
        _("{first} to {last}: {length}").format(
            first=day(first), last=day(plan.last_day), length=length(plan, plan.periods)
        )
        if first
        else _("Not settled yet")
    )
    outcomes = [f"{outcome_in_words(one)}. {BETTER[one.better]}." for one in plan.outcomes]
    rows = [
        (_("Question"), [plan.question]),
        (_("Methods"), list(plan.arms)),
        (_("How methods are drawn"), [str(DESIGNS[plan.design]), *_turns(plan)]),
        (_("What a method is drawn for"), [str(UNITS[plan.unit])]),
        (_("When"), [when]),
        (_("Main outcome"), outcomes[:1]),
        (_("Other outcomes"), outcomes[1:]),
        (_("Nothing recorded counts"), [str(SILENT[plan.silent])]),
        (_("Analysis"), [analysis_in_words(plan)]),
    ]
    return [(key, [text for text in texts if text]) for key, texts in rows if any(texts)]


def _turns(plan: Plan) -> list[str]:
    said = []
    if plan.design in ("stepped", "alternation"):
        said.append(_("Turn or step: {length}").format(length=length(plan, plan.turn)))
    if plan.washout and plan.design != "parallel":
        said.append(_("Left out after each change: {length}").format(length=length(plan, plan.washout)))
    return said


def analysis_in_words(plan: Plan) -> str:
    """Say how the numbers will be worked out; it follows from how methods are drawn."""
    how = {
        "parallel": _(
            "Every site is compared with itself within each block of periods, so that busy teams and busy months do not "
            "decide (Poisson regression with a level for each block of periods, intervals from how blocks differ, HC2)"
        ),
        "alternation": _(
            "Every site is compared with itself within each block of turns, so that busy teams and busy months do not "
            "decide (Poisson regression with a level for each block of turns, intervals from how blocks differ, HC2)"
        ),
        "clusters": _(
            "The sums of whole sites are compared, each site as one (Poisson regression of the sums of sites, intervals "
            "from how sites differ, Mancl and DeRouen)"
        ),
        "stepped": _(
            "Every site is compared with itself before and after its change, and what changed everywhere is taken out "
            "(Poisson regression with a level for each site and each step, intervals from how sites differ, CR2, "
            "Satterthwaite)"
        ),
    }[plan.design]
    sure = formats.percent(1 - plan.alpha, language())
    return _("{how}. Intervals of {sure}; of several comparisons together. Checked by drawing again 999 times.").format(
        how=how, sure=sure
    )


def smallest_in_words(found: dict[str, Any] | None, plan: Plan) -> str:
    """Say what a plan can find."""
    if not found:
        return ""
    return _(
        "If a method brings {ratio} times as many or more, the plan finds it about four times of five. "
        "Tried out {runs} times on what was recorded from {first} to {last}: found {hits} times; "
        "without any difference it was misled {misled} times of {told}. Seed {seed}."
    ).format(
        ratio=formats.number(round(found["ratio"], 2), language()),
        runs=found["runs"],
        first=day(found["past"][0]),
        last=day(found["past"][1]),
        hits=found["found"],
        misled=found["false"],
        told=found["told"],
        seed=found["seed"],
    )


def versions_in_words(found: Registered) -> list[dict[str, Any]]:
    """Return every version with what changed, when, why, and its fingerprint."""
    rows: list[dict[str, Any]] = []
    before: Plan | None = None
    for version in found.versions:
        plan = plan_of(version.content["plan"])
        rows.append(
            {
                "number": version.number,
                "day": day(version.made_at.date()),
                "late": version.after_start,
                "reason": version.reason,
                "hash": version.content_hash,
                "changes": changes(before, plan) if before else [],
            }
        )
        before = plan
    return rows


def changes(before: Plan, after: Plan) -> list[str]:
    """Return in words what an amendment changed."""
    said = []
    if before.question != after.question:
        said.append(_("Question before: “{before}”").format(before=before.question))
    old, new = ({one.key: one for one in plan.outcomes} for plan in (before, after))
    said += [_("Outcome taken out: {outcome}").format(outcome=outcome_in_words(old[k])) for k in old if k not in new]
    said += [_("Outcome added: {outcome}").format(outcome=outcome_in_words(new[k])) for k in new if k not in old]
    if before.outcomes[0].key != after.outcomes[0].key:
        said.append(_("Main outcome before: {outcome}").format(outcome=outcome_in_words(before.outcomes[0])))
    return said
