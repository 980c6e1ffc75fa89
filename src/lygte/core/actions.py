"""How things are done: check the verb, one transaction, one line in the log.

The line is written by the decorator, so that no action can forget it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from .access import Verb, require
from .audit import write_entry
from .transactions import writing

Action = TypeVar("Action", bound=Callable[..., Any])

ACTIONS: dict[str, Verb] = {}


def action(verb: Verb, *, details: Callable[[Any], Mapping[str, Any]] | None = None) -> Callable[[Action], Action]:
    """Make a keyword-only function, whose first argument is `member`, an action under a verb.

    Raises Problem 403.1 where the member may not. The result's `ref`, if it has one, is the subject in the log;
    `details(result)` adds counts and codes, never what somebody said.
    """

    def wrap(do: Action) -> Action:
        @wraps(do)
        def done(*, member: Any, **arguments: Any) -> Any:
            require(member, verb)
            with writing():
                result = do(member=member, **arguments)
                write_entry(
                    organisation=member.organisation,
                    member=member,
                    verb=verb,
                    subject=getattr(result, "ref", "") or "",
                    details=details(result) if details else None,
                )
            return result

        done.verb = verb  # type: ignore[attr-defined]
        ACTIONS[f"{do.__module__}.{do.__qualname__}"] = verb
        return done  # type: ignore[return-value]

    return wrap
