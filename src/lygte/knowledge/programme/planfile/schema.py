"""What a plan file contains: the shape, closed, so that a slip of the finger is an error and never a silence."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from ..months import MONTH, SEASONS

NONE_SET = "none set in the source"


def _month(text: str) -> str:
    if not MONTH.fullmatch(text):
        raise PydanticCustomError("400.330", "not a month", {"found": text})
    return text


def _due(text: str) -> str:
    season, _, year = text.partition(" ")
    if not MONTH.fullmatch(text) and not (season in SEASONS and re.fullmatch(r"\d{4}", year)):
        raise PydanticCustomError("400.331", "not a month or season", {"found": text})
    return text


def _published(text: str) -> str:
    if text != "not stated" and not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?", text):
        raise PydanticCustomError("400.332", "not a date", {"found": text})
    if text.count("-") == 2:
        try:
            date.fromisoformat(text)
        except ValueError as error:
            raise PydanticCustomError("400.332", "not a date", {"found": text}) from error
    return text


def _key(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+([_-][a-z0-9]+)*", text):
        raise PydanticCustomError("400.333", "not a key", {"found": text})
    return text


Month = Annotated[str, AfterValidator(_month)]
Due = Annotated[str, AfterValidator(_due)]
Published = Annotated[str, AfterValidator(_published)]
Key = Annotated[str, StringConstraints(max_length=60), AfterValidator(_key)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Link = Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=300)]


class Closed(BaseModel):
    """Nothing that is not named here may stand in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Text(Closed):
    """A sentence or a few, in each of the three languages."""

    en: Prose
    da: Prose
    nl: Prose


class Period(Closed):
    """From the first month to the last, both included."""

    first: Month = Field(alias="from")
    last: Month = Field(alias="to")


class Source(Closed):
    """A document that figures and decisions are taken from."""

    key: Key
    title: Line
    publisher: Line
    published: Published
    note: Text | None = None
    link: Link | None = None


class Baseline(Closed):
    """A figure from before the plan, as its source gives it. What was counted and what was estimated never mix."""

    key: Key
    title: Text
    value: int = Field(ge=0)
    unit: Text
    period: Text
    measure: Literal["identified", "presumed", "estimated", "counted"]
    interval: tuple[int, int] | None = None
    definition: Text
    source: Key
    note: Text | None = None


class Money(Closed):
    """A pool, with the months it covers."""

    amount: int = Field(gt=0)
    currency: Literal["DKK", "EUR"]
    period: Period
    source: Key


class Milestone(Closed):
    """Something that is due by a month or a season."""

    kind: Literal["mid_term_status", "mid_term_evaluation", "final"]
    due: Due
    title: Text
    source: Key


class Target(Closed):
    """What the plan itself set out to reach, and where it says so."""

    value: float = Field(gt=0)
    by: Month
    source: Key


class Indicator(Closed):
    """How a figure is made from facts: what is counted, which of it, by what, and how it is put together."""

    key: Key
    title: Text
    definition: Text
    fact: Key
    where: dict[Key, list[Key]] = Field(default_factory=dict)
    by: Key | None = None
    aggregation: Literal["sum", "share"]
    unit: Text | None = None
    target: Target | Literal["none set in the source"]


class Initiative(Closed):
    """One thing that the plan sets going."""

    number: int = Field(ge=1, le=99)
    title: Text
    purpose: Text
    period: Period | None = None
    period_note: Text | None = None
    areas: list[str] = Field(min_length=1)
    money: Money | None = None
    money_note: Text | None = None
    milestones: list[Milestone] = Field(default_factory=list)
    followed_by: list[Line] = Field(default_factory=list)
    place_kinds: list[Key] = Field(default_factory=list)
    indicators: list[Key] = Field(default_factory=list)
    source: Key


class PlanFile(Closed):
    """An action plan."""

    lygte_plan: Literal[1]
    key: Key
    invented: bool
    title: Text
    about: Text
    targets_note: Text | None = None
    country: Literal["DK", "NL"]
    period: Period
    owners: list[Line] = Field(min_length=1)
    sources: list[Source] = Field(min_length=1)
    baselines: list[Baseline] = Field(default_factory=list)
    indicators: list[Indicator] = Field(default_factory=list)
    initiatives: list[Initiative] = Field(min_length=1)


def known_keys(path: tuple[str | int, ...], data: Any) -> list[str]:
    """Return the keys that may stand at a place in the file, for a did-you-mean."""
    model: type[BaseModel] | None = PlanFile
    for step in path:
        if model is None:
            return []
        if isinstance(step, str):
            model = _model_of(model, step)
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _model_of(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    for name, field in model.model_fields.items():
        if key == (field.alias or name):
            return _first_model(field.annotation)
    return None


def _first_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) is dict:
        return None
    return next((found for part in get_args(annotation) if (found := _first_model(part))), None)
