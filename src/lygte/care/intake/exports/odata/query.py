"""The parameters of a question to a feed: exactly those that Excel and Power BI send. Anything else is told, not ignored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.db.models import Q
from django.http import QueryDict

from lygte.core.problems import Problem

from .filters import Order, filter_of, misread, order_of

KNOWN = {"$top", "$skip", "$skiptoken", "$count", "$filter", "$orderby", "$select", "$expand", "$format"}
FOR_TABLES = KNOWN
FOR_METADATA = {"$format"}
FOR_A_COUNT = {"$filter"}
FOR_A_ROW = {"$select", "$expand", "$format"}
LARGEST = 2**53
TOKEN_AGE = 3600  # seconds from one page to the next
KEPT = ("$filter", "$orderby", "$select", "$expand", "$format")  # what all pages of one reading share


@dataclass
class Query:
    """What is asked of one table."""

    top: int | None = None
    skip: int = 0
    count: bool = False
    condition: Q = field(default_factory=Q)
    order: list[Order] = field(default_factory=list)
    select: set[str] = field(default_factory=set)
    expand: bool = False
    token: dict[str, Any] | None = None


def require_known(asked: QueryDict, known: set[str]) -> None:
    """Refuse a parameter that this address does not take, or that is given twice."""
    for name in asked:
        if name not in known:
            raise Problem("501.494", what=name[:100])
        if len(asked.getlist(name)) > 1:
            raise misread(name)


def require_json(asked: QueryDict) -> None:
    if asked.get("$format", "json").split(";")[0] not in ("json", "application/json"):
        raise Problem("501.494", what=f"$format={asked['$format'][:60]}")


def query_of(asked: QueryDict, known: set[str], *, salt: str, at_root: bool) -> Query:
    """Return the question, or raise a Problem that names the parameter."""
    require_known(asked, known)
    require_json(asked)
    found = Query(
        top=_number(asked, "$top") if "$top" in asked else None,
        skip=_number(asked, "$skip") if "$skip" in asked else 0,
        count=_flag(asked, "$count"),
        select=_select(asked),
        expand=_expand(asked),
    )
    if text := asked.get("$filter", "").strip():
        found.condition = filter_of(text, at_root=at_root)
    if text := asked.get("$orderby", "").strip():
        if not at_root:
            raise Problem("501.494", what="$orderby")
        found.order = order_of(text)
    if "$skiptoken" in asked:
        found.token = opened(str(asked["$skiptoken"]), asked, salt)
    return found


def _number(asked: QueryDict, name: str) -> int:
    text = str(asked[name])
    if not (text.isascii() and text.isdigit()) or len(text) > 16 or int(text) > LARGEST:
        raise misread(f"{name}={text[:40]}")
    return int(text)


def _flag(asked: QueryDict, name: str) -> bool:
    text = asked.get(name, "false")
    if text not in ("true", "false"):
        raise misread(f"{name}={text[:40]}")
    return text == "true"


def _select(asked: QueryDict) -> set[str]:
    names = {name.strip() for name in asked.get("$select", "").split(",") if name.strip()}
    return set() if "*" in names else names


def _expand(asked: QueryDict) -> bool:
    text = asked.get("$expand", "").strip()
    if text not in ("", "*"):
        raise Problem("501.494", what=f"$expand={text[:60]}")
    return text == "*"


# The mark by which the next page is asked for ---------------------------------------------------------------------------
def sealed(state: dict[str, Any], asked: QueryDict, salt: str) -> str:
    """Return a mark that only we can have made, for this feed, this table and these filters."""
    return signing.dumps(state, salt=f"{salt} {_print_of(asked)}", compress=True)


def opened(mark: str, asked: QueryDict, salt: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = signing.loads(mark, salt=f"{salt} {_print_of(asked)}", max_age=TOKEN_AGE)
        return found
    except signing.BadSignature:
        raise Problem("400.496") from None


def _print_of(asked: QueryDict) -> str:
    kept = repr([(name, asked.get(name, "")) for name in KEPT])
    return hashlib.sha256(kept.encode()).hexdigest()


def kept_of(asked: QueryDict) -> dict[str, str]:
    """Return the parameters that the address of the next page repeats."""
    return {name: str(asked[name]) for name in KEPT if name in asked}
