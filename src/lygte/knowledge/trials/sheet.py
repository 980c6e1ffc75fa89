"""A result as plain sentences in one language: the page and the paper show exactly this, in this order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from lygte.knowledge.programme import formats

from .forest import PHONE, Ink, Mark, forest_svg, ratio, shown_ticks
from .plan import BETTER, Plan, plan_of
from .words import analysis_in_words, changes, day, plan_rows, smallest_in_words


@dataclass(frozen=True)
class EffectLine:
    """One comparison: what is said of it, and its numbers as written."""

    method: str
    says: str
    ratio: str
    interval: str
    chance: str
    carry_over: str


@dataclass(frozen=True)
class ArmLine:
    method: str
    counted: str
    over: str
    rate: str


@dataclass(frozen=True)
class OutcomeSheet:
    """One outcome with its numbers, effects and what to beware of."""

    title: str
    role: str
    better: str
    notes: tuple[str, ...]
    arms: tuple[ArmLine, ...]
    over_title: str
    effects: tuple[EffectLine, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """Everything that a result says."""

    language: str
    title: str
    heading: str
    caption: str
    state: str
    question: str
    loud: tuple[str, ...]
    finding: tuple[str, ...]
    why_apart: str
    outcomes: tuple[OutcomeSheet, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, str], ...]
    alt: str
    about: tuple[tuple[str, tuple[str, ...]], ...]
    observed: tuple[tuple[str, ...], ...]
    observed_note: tuple[str, ...]
    versions: tuple[tuple[str, str, str], ...]
    reading: tuple[str, ...]
    again: tuple[str, ...]
    prints: tuple[tuple[str, str], ...]
    words: dict[str, str]

    @property
    def forest(self) -> SafeString:
        """The drawing for a page. Everything in it that somebody wrote is escaped by `forest_svg`."""
        return self._drawn(Ink())

    @property
    def narrow_forest(self) -> SafeString:
        """The same drawing for a phone."""
        return self._drawn(PHONE)

    def _drawn(self, ink: Ink) -> SafeString:
        return mark_safe(forest_svg(list(self.marks), dict(self.ticks), self.alt, ink))  # noqa: S308 - drawn by us; every word in it is escaped there


def sheet_of(content: dict[str, Any], language: str, *, issued_at: datetime, content_hash: str) -> Sheet:
    """Return a result in a language."""
    with override(language):
        return _sheet(content, language, issued_at, content_hash)


def _sheet(content: dict[str, Any], language: str, issued_at: datetime, content_hash: str) -> Sheet:
    plan = plan_of(content["plan"])
    outcomes = tuple(_outcome(one, plan, language) for one in content["outcomes"])
    marks = tuple(_marks(content, plan, language))
    return Sheet(
        language=language,
        title=content["title"],
        heading=_("Method trial: result"),
        caption=_("{first} to {last}").format(first=day(plan.first_day), last=day(plan.last_day)),
        state=_("Issued on {day}. The figures are frozen.").format(day=formats.day(issued_at.date(), language)),
        question=plan.question,
        loud=tuple(_loud(content)),
        finding=tuple(_finding(content, plan, outcomes)),
        why_apart=_why_apart(plan),
        outcomes=outcomes,
        marks=marks,
        ticks=tuple((tick, formats.number(tick, language)) for tick in shown_ticks(list(marks))) if marks else (),
        alt=" ".join([_("Forest plot.")] + [f"{mark.label}: {mark.value}." for mark in marks]),
        about=tuple((key, tuple(texts)) for key, texts in [*plan_rows(plan), *_who(content)]),
        observed=tuple(_observed(content, plan, language)),
        observed_note=_observed_note(content, plan),
        versions=tuple(_versions(content, plan)),
        reading=_reading(plan, language),
        again=_again(content),
        prints=(
            (_("This result"), content_hash),
            *((_("Plan, version {number}").format(number=v["number"]), v["hash"]) for v in content["versions"]),
            (_("Schedule"), content["schedule"]),
            (_("Numbers that were compared"), content["data"]),
        ),
        words=_words(),
    )


# What must not be overlooked ------------------------------------------------------------------------------------------
def _loud(content: dict[str, Any]) -> list[str]:
    said = []
    late = [version for version in content["versions"] if version["after_start"]]
    if late:
        days = ", ".join(day(version["day"]) for version in late)
        said.append(
            _(
                "The plan was changed after data had begun, on {days}. What was registered before stands first; "
                "whatever was added since could have been chosen for how it looked. Both versions stand below."
            ).format(days=days)
        )
    if content["stopped"]:
        said.append(
            _(
                "The trial was stopped early, on {day}: {reason} A trial stopped early tends to show too large a difference."
            ).format(day=day(content["stopped"]["on"]), reason=_sentence(content["stopped"]["reason"]))
        )
    if content["withdrawn"]:
        said.append(
            ngettext(
                "{count} organisation left the trial before its end.",
                "{count} organisations left the trial before its end.",
                content["withdrawn"],
            ).format(count=content["withdrawn"])
        )
    return said


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _finding(content: dict[str, Any], plan: Plan, outcomes: tuple[OutcomeSheet, ...]) -> list[str]:
    """Say what came out of the main outcome; of the others one reads below."""
    main, raw = outcomes[0], content["outcomes"][0]
    if main.effects:
        said = [effect.says for effect in main.effects]
        if any(one["low"] <= 0 <= one["high"] for one in raw["effects"]):
            said.append(
                _(
                    "No clear difference does not mean that the methods do the same: it means that this trial cannot tell."
                )
            )
        return said
    return list(main.notes)


def _why_apart(plan: Plan) -> str:
    """Say why plain averages and the ratio can differ: exactly what `engine.rows.telling` leaves out."""
    if plan.design == "clusters":
        return _(
            "The plain average is all that was counted with a method, divided by all that it is counted per. “Times as "
            "many” divides the average of a method by that of the usual one."
        )
    if plan.design == "stepped":
        return _(
            "The plain average is all that was counted with a method, divided by all that it is counted per. “Times as "
            "many” can differ from it: it compares every site with itself, takes out what changed everywhere at the same "
            "step, and leaves out sites and steps in which nothing was counted."
        )
    return _(
        "The plain average is all that was counted with a method, divided by all that it is counted per. “Times as many” "
        "can differ from it, and even point the other way: it compares methods only within the same site and the same "
        "block of periods, and leaves out blocks in which one method alone is left or nothing was counted. The finding "
        "rests on it, not on the plain average."
    )


# Outcomes -----------------------------------------------------------------------------------------------------------------
def _outcome(one: dict[str, Any], plan: Plan, language: str) -> OutcomeSheet:
    per = one["per_label"]
    label = one["label"][language]
    return OutcomeSheet(
        title=pgettext("outcome", "{count}, per: {per}").format(count=label, per=per[language]) if per else label,
        role=_("Main outcome") if one["role"] == "main" else _("Another outcome"),
        better=str(BETTER[one["better"]]),
        notes=tuple(_notes(one)),
        arms=tuple(_arm(one, plan, at, arm, language) for at, arm in enumerate(one["arms"])),
        over_title=per[language] if per else _("Working days") if plan.unit == "team_day" else _("Weeks"),
        effects=tuple(_effect(one, plan, effect, at, language) for at, effect in enumerate(one["effects"])),
        warnings=tuple(_warning(code) for code in one["warnings"]),
    )


def _notes(one: dict[str, Any]) -> list[str]:
    said = []
    if one["status"] == "added":
        said.append(
            _("Added on {day}, after data had begun. It was not registered beforehand.").format(day=day(one["on"]))
            if one["after_start"]
            else _("Added on {day}, before data began.").format(day=day(one["on"]))
        )
    if one["status"] == "dropped":
        said.append(
            _("Registered, and taken out of the plan on {day}. It is shown all the same.").format(day=day(one["on"]))
        )
    if one["hidden"]:
        said.append(
            _(
                "Hidden: a number in it, or one that could be reckoned from it, lies between 1 and 4, and somebody "
                "could be recognised by being one of a few."
            )
        )
    if one["cannot"]:
        said.append(
            {
                "nothing": _("It cannot be told: nothing of it was counted."),
                "one_empty": _(
                    "It cannot be told how many times as many: with one of the methods nothing was counted."
                ),
                "too_few": _("It cannot be told: too few periods are left to compare."),
            }[one["cannot"]]
        )
    return said


def _arm(one: dict[str, Any], plan: Plan, at: int, arm: dict[str, int], language: str) -> ArmLine:
    rate = formats.number(round(arm["y"] / arm["e"], 2), language) if arm["e"] else "–"
    return ArmLine(plan.arms[at], formats.number(arm["y"], language), formats.number(arm["e"], language), rate)


def _effect(one: dict[str, Any], plan: Plan, effect: dict[str, Any], at: int, language: str) -> EffectLine:
    after = next((c for c in one["carry_over"] if c["arm"] == effect["arm"]), None)
    return EffectLine(
        method=plan.arms[effect["arm"]],
        says=_says(one, plan, effect, language),
        ratio=_written(effect["log_ratio"], language),
        interval=_interval(effect, language),
        chance=formats.number(round(one["shuffled"][at], 3), language),
        carry_over=_interval(after, language) if after else "–",
    )


def _written(log_ratio: float, language: str) -> str:
    return formats.number(round(ratio(log_ratio), 2), language)


def _interval(effect: dict[str, Any], language: str) -> str:
    return pgettext("interval", "{low} to {high}").format(
        low=_written(effect["low"], language), high=_written(effect["high"], language)
    )


def _says(one: dict[str, Any], plan: Plan, effect: dict[str, Any], language: str) -> str:
    """Say in plain words what an effect means; the interval first."""
    names = {"method": plan.arms[effect["arm"]], "usual": plan.arms[0]}
    interval = {"low": _written(effect["low"], language), "high": _written(effect["high"], language)}
    if effect["low"] > 0:
        said = _("More with “{method}”: {low} to {high} times as many as with “{usual}”.").format(**names, **interval)
        return f"{said} {_verdict(one['better'], more=True, method=names['method'])}".strip()
    if effect["high"] < 0:
        said = _("Fewer with “{method}”: {low} to {high} times as many as with “{usual}”.").format(**names, **interval)
        return f"{said} {_verdict(one['better'], more=False, method=names['method'])}".strip()
    return _(
        "No clear difference between “{method}” and “{usual}”: the truth may lie anywhere from {fewer} fewer to {more} more."
    ).format(
        **names,
        fewer=formats.percent(1 - ratio(effect["low"]), language),
        more=formats.percent(ratio(effect["high"]) - 1, language),
    )


def _verdict(better: str, *, more: bool, method: str) -> str:
    if better == "neither":
        return ""
    speaks_for = (better == "more") == more
    return (
        _("That speaks for “{method}”.").format(method=method)
        if speaks_for
        else _("That speaks against “{method}”.").format(method=method)
    )


def _warning(code: str) -> str:
    return {
        "few": _("Few sites or blocks were drawn: the interval is honest about it, but rests on few."),
        "zeros": _("In more than half of the periods nothing was counted: single periods weigh much."),
        "carry_over": _(
            "The method of the period before seems to be at work still, so the difference is blurred. Next time leave more out after each change."
        ),
        "disagree": _(
            "Drawing the methods again 999 times comes to another answer than the interval: take it as unsettled."
        ),
        "lost": _("More than a fifth of the periods are lost with some method."),
        "uneven": _(
            "The methods lost unequally many periods, or were silent unequally often: that alone can look like a difference."
        ),
        "many": _(
            "In some periods more was counted than what it is counted per, such as many answers to one post that "
            "everybody reads. They pull hard at the comparison: next time count such posts apart."
        ),
        "silent": _(
            "In more than a fifth of the periods of some method nothing was recorded at all. They count as nought."
        ),
    }[code]


def _marks(content: dict[str, Any], plan: Plan, language: str) -> list[Mark]:
    found = []
    for one in content["outcomes"]:
        for effect in one["effects"]:
            title = one["label"][language]
            title = f"{title}: {plan.arms[effect['arm']]}" if len(plan.arms) > 2 else title
            value = pgettext("effect", "{low} to {high}, most likely {point}").format(
                low=_written(effect["low"], language),
                high=_written(effect["high"], language),
                point=_written(effect["log_ratio"], language),
            )
            found.append(Mark(title, value, effect["log_ratio"], effect["low"], effect["high"], one["role"] == "main"))
    return found


# What was planned, seen and changed -------------------------------------------------------------------------------------
def _who(content: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [
        (_("Registered by"), [content["registrar"]]),
        (_("Who took part"), content["organisations"]),
        (_("Sites"), [str(content["sites"])]),
    ]


def _observed(content: dict[str, Any], plan: Plan, language: str) -> list[tuple[str, ...]]:
    return [
        (
            plan.arms[at],
            *(formats.number(row[name], language) for name in ("planned", "left_out", "seen", "silent", "gone")),
        )
        for at, row in enumerate(content["observed"])
    ]


def _observed_note(content: dict[str, Any], plan: Plan) -> tuple[str, ...]:
    said = [
        _(
            "One site in one period counts as one. Left out are periods right after a change, and what made no whole block."
        )
    ]
    smallest = smallest_in_words(content["smallest"], plan)
    if smallest:
        said.append(_("Before the trial: {text}").format(text=smallest))
    else:
        said.append(_("The plan was registered without trying out what it could find."))
    return tuple(said)


def _versions(content: dict[str, Any], plan: Plan) -> list[tuple[str, str, str]]:
    """Return for each version its heading, the reason, and whether it came late."""
    rows = []
    for version in content["versions"]:
        heading = (
            _("Version {number}, registered on {day}, before the first observation")
            if version["number"] == 1
            else _("Version {number}, {day}, after data had begun")
            if version["after_start"]
            else _("Version {number}, {day}, before data began")
        ).format(number=version["number"], day=day(version["day"]))
        rows.append((heading, version["reason"], "late" if version["after_start"] else ""))
    latest = plan_of(content["latest"])
    if len(rows) > 1:
        heading, reason, late = rows[-1]
        rows[-1] = (heading, " ".join([_sentence(reason), *(f"{_sentence(c)}" for c in changes(plan, latest))]), late)
    return rows


def _carried_over(plan: Plan) -> tuple[str, ...]:
    """Say what is told of the turn before, where turns follow one another."""
    if plan.design in ("clusters", "stepped"):
        return ()
    return (
        _(
            "“Left from the turn before” is how many times as many are counted right after a turn with that method, "
            "compared with right after a turn with the usual one. Where the interval holds 1, nothing is seen to linger."
        ),
    )


def _reading(plan: Plan, language: str) -> tuple[str, ...]:
    return (
        _(
            "An interval of {sure} is made so that it holds the truth in {of} of 100 such trials. In which, nobody knows."
        ).format(sure=formats.percent(1 - plan.alpha, language), of=round(100 * (1 - plan.alpha))),
        _(
            "The main outcome decides; the others are told beside it. Of {many} intervals about one misses by chance alone."
        ).format(many=round(1 / plan.alpha)),
        _("A site counts with the method that was drawn for it, whether the team kept to it or not."),
        _("“By chance” is how often drawing the methods again gives a difference at least as large."),
        *_carried_over(plan),
        _("People are counted at each contact; nobody is recognised from one to the next."),
        analysis_in_words(plan),
    )


def _again(content: dict[str, Any]) -> tuple[str, ...]:
    made = ", ".join(f"{name} {number}" for name, number in sorted(content["made_with"].items()))
    return (
        _(
            "The schedule can be drawn again by anybody: from the list of sites and the seed {seed}, by the rule “{rule}”, with SHA-256 alone."
        ).format(seed=content["seed"], rule=content["algorithm"]),
        _("Worked out with {libraries}.").format(libraries=made),
    )


def _words() -> dict[str, str]:
    return {
        "finding": _("What came out"),
        "forest": _("All effects on one scale"),
        "forest_note": _(
            "How many times as many as with the usual method. Left of the dotted line fewer, right of it more; filled is the main outcome."
        ),
        "numbers": _("The numbers"),
        "method": _("Method"),
        "counted": _("Counted"),
        "rate": _("Plain average"),
        "ratio": _("Times as many"),
        "interval": _("Interval"),
        "chance": _("By chance"),
        "carry_over": _("Left from the turn before"),
        "beware": _("Beware"),
        "about": _("What was planned"),
        "observed": _("What was observed"),
        "planned": _("Planned"),
        "left_out": _("Left out"),
        "seen": _("With records"),
        "silent": _("Silent"),
        "gone": _("Lost"),
        "versions": _("The plan and its changes"),
        "reading": _("How to read this"),
        "again": _("To work it out again"),
        "prints": _("Fingerprints (SHA-256)"),
        "page": _("Page"),
    }
