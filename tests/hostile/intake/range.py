"""Where forged things are thrown: every address of intake, as a phone, as somebody signed in and as nobody."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.test import Client
from django.urls import NoReverseMatch, reverse

from .forge import Thing

UNFORESEEN = 499  # the workbook is refused, and nobody thought of why
KEPT_OUT = {"intake:phone_nothing", "intake:login_nothing"}


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took."""

    status: int
    seconds: float
    traceback: str = ""

    @property
    def bad(self) -> bool:
        return self.status >= 500 or bool(self.traceback)


def addresses(token: str, refs: list[str]) -> list[str]:
    """Return every address of intake that can be made of what is known."""
    found = []
    for name, patterns in _patterns():
        for ref in refs:
            given = {key: {"token": token, "ref": ref}.get(key, "x") for key in patterns}
            try:
                found.append(reverse(name, kwargs=given))
            except NoReverseMatch:
                continue
            if "ref" not in patterns:
                break
    return sorted(set(found))


def _patterns() -> Iterator[tuple[str, list[str]]]:
    from lygte.core.checks import every_pattern

    for route, name, _view in every_pattern():
        if name.startswith("intake:") and name not in KEPT_OUT:
            yield name, [part.split(">")[0].split(":")[-1] for part in route.split("<")[1:]]


class Range:
    """Clients and addresses, made once."""

    def __init__(self, *, token: str, refs: list[str], staff: Client) -> None:
        self.token, self.staff, self.nobody = token, staff, Client()
        self.places = addresses(token, refs)
        for client in (self.staff, self.nobody):
            client.raise_request_exception = True

    def throw(self, thing: Thing) -> Answer:
        start = time.perf_counter()
        try:
            status = self._workbook(thing) if thing.kind == "workbook" else self._request(thing)
        except Exception as error:  # what a visitor would get as a 500
            import traceback

            return Answer(500, time.perf_counter() - start, "".join(traceback.format_exception(error))[-3000:])
        return Answer(status, time.perf_counter() - start)

    def _request(self, thing: Thing) -> int:
        where, _colon, rest = thing.path.partition(":")
        client = self.nobody
        if where == "any":
            path = self.places[int(rest) % len(self.places)]
            client = self.nobody if path.startswith(("/-/", "/openrosa/")) else self.staff
        elif where == "openrosa":
            path = f"/openrosa/{rest}"
        else:
            path = f"/-/{self.token}/{thing.path}"
        sent = {**thing.headers, "QUERY_STRING": thing.query}
        answer = client.generic(thing.method, path, thing.body, content_type=thing.content_type, **sent)
        if answer.streaming:
            for _piece in answer.streaming_content:
                pass
        return int(answer.status_code)

    def _workbook(self, thing: Thing) -> int:
        return converted(thing)


def converted(thing: Thing) -> int:
    """Read and convert a workbook as the converting process does, without starting one for each."""
    from lygte.care.intake import conversion
    from lygte.care.intake.grades import UNDECLARED
    from lygte.care.intake.workbook import WorkbookRefused, check_workbook
    from lygte.care.intake.xlsform import as_problem

    try:
        kind = check_workbook(thing.body, thing.filename)
    except WorkbookRefused as refused:
        return as_problem(
            {"number": refused.number, "sheet": "", "row": 0, "column": "", "details": refused.details}
        ).status
    try:
        answer = conversion.convert(thing.body, kind, stem="form", version="1", chosen="", undeclared=UNDECLARED)
    except (RecursionError, MemoryError):
        return 422
    except Exception:  # `conversion.main` tells whatever else happens in its process as problem 422.133
        return UNFORESEEN
    json.dumps(answer)
    for found in answer.get("errors", []) + answer.get("warnings", []):
        str(as_problem(found))
    return 422 if "errors" in answer else 200
