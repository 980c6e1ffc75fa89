"""Cases and keys as people meet them: signing in and opening over HTTP, and twenty at once against a real server.

The bounds are promises of the product: a figure beyond one of them is marked in the table.
"""

from __future__ import annotations

import os
import re
import statistics
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from lygte.demo.cast import PASSWORD, account

from .browser import Browser
from .pages import measure_pages, milliseconds

LIST_P95_MS, UNLOCK_P95_MS = 500, 1000
AT_ONCE, TIMES = 20, 8  # no more: who signs in too often from one address is told to wait
A_MINUTE = 61  # thirty sign-ins a minute are let in from one address, and here all come from one
OPEN = "/keys/open/"


def measure_cases(
    port: int, pages: Mapping[str, tuple[str, str]], count: Callable[[], int], done: Callable[[str], None]
) -> dict[str, Any]:
    """Measure pages of cases, opening the locked part, and a crowd that signs in; `count` says how often persons were seen."""
    ours = {name: page for name, page in pages.items() if "case" in name or name == "my day"}
    found: dict[str, Any] = {"pages": measure_pages(port, ours, done)}
    slowest = max(page["p95_ms"] for name, page in found["pages"].items() if name.startswith("cases"))
    found["slowest_list_p95_of_the_bound"] = round(slowest / LIST_P95_MS, 2)
    found["opened_for_one_list"] = _opened(port, ours["cases, all of the organisation"], count)
    done("what one list opens")
    found["unlock"] = _unlock(port)
    done("opening the locked part")
    found["crowd"] = _crowd(port, found["unlock"]["sign_in"]["p50_ms"] / 1000)
    done("twenty sign in at once")
    return found


def _opened(port: int, page: tuple[str, str], count: Callable[[], int]) -> int:
    """Return how many persons' locked fields were opened to show one list: those on the screen, not ten thousand."""
    login, path = page
    browser = Browser(port)
    browser.sign_in(account(login).email, PASSWORD)
    before = count()
    status, _content, _seconds = browser.ask("GET", path)
    if status != 200:
        raise RuntimeError(f"{path} was answered with {status}")
    return count() - before


def _unlock(port: int) -> dict[str, Any]:
    """Return how long signing in by password takes, which opens the key, and opening it again after it was closed."""
    email = account("worker").email
    signed = [_seconds_to_sign_in(Browser(port), email) for _time in range(TIMES)]
    browser = Browser(port)
    browser.sign_in(email, PASSWORD)
    opened = []
    for _time in range(TIMES):
        _status, content, _seconds = browser.ask("GET", OPEN)
        form = {"csrfmiddlewaretoken": _token(content), "passphrase": PASSWORD, "next": "/today/"}
        status, _content, seconds = browser.ask("POST", OPEN, urlencode(form))
        if status != 302:
            raise RuntimeError(f"opening was answered with {status}")
        opened.append(seconds)
    found = {"sign_in": milliseconds(signed), "opening": milliseconds(opened)}
    found["opening"]["p95_of_the_bound"] = round(found["opening"]["p95_ms"] / UNLOCK_P95_MS, 2)
    return found


def _token(content: bytes) -> str:
    found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', content)
    if found is None:
        raise RuntimeError("no form on the page")
    return found[1].decode()


def _seconds_to_sign_in(browser: Browser, email: str) -> float:
    start = time.perf_counter()
    browser.sign_in(email, PASSWORD)
    return time.perf_counter() - start


def _crowd(port: int, alone: float) -> dict[str, Any]:
    """Return how twenty who sign in in the same moment fare, and what a page of somebody else takes beside them.

    Behind one lock the last would wait for twenty times one sign-in; the ratio says what the cores made of it.
    """
    time.sleep(A_MINUTE)
    reader = Browser(port)
    reader.sign_in(account("coordinator").email, PASSWORD)
    took: list[float] = []
    failed: list[str] = []

    def one() -> None:
        try:
            took.append(_seconds_to_sign_in(Browser(port), account("worker").email))
        except Exception as error:
            failed.append(repr(error))

    threads = [threading.Thread(target=one) for _person in range(AT_ONCE)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    beside = []
    while any(thread.is_alive() for thread in threads):
        beside.append(reader.ask("GET", "/privacy/")[2])
    for thread in threads:
        thread.join()
    whole = time.perf_counter() - start
    if failed:
        raise RuntimeError(f"{len(failed)} of {AT_ONCE} could not sign in: {failed[0]}")
    return {
        "seconds": round(whole, 2),
        "sign_ins_per_second": round(AT_ONCE / whole, 1),
        "last_waited_s": round(max(took), 2),
        "one_after_the_other_would_be_s": round(AT_ONCE * alone, 2),
        "gain_over_one_lock": round(AT_ONCE * alone / whole, 2),
        "cores": os.cpu_count(),
        "a_public_page_beside_them_p50_ms": round(statistics.median(beside) * 1000, 1) if beside else None,
    }
