"""How long pages take: one reader, one request after the other, over HTTP, signed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import quantiles
from typing import Any

from lygte.demo.cast import PASSWORD, account

from .browser import Browser

WARM_UP, TIMES, TIMES_SLOW = 3, 60, 8
SLOW = 0.5  # seconds; a page as slow as this is asked for less often


def measure_pages(
    port: int, pages: Mapping[str, tuple[str, str]], done: Callable[[str], None]
) -> dict[str, dict[str, Any]]:
    """Ask for every page again and again; anything but 200 is an error."""
    browsers = {login: _signed_in(port, login) for login in {login for login, _path in pages.values()}}
    found = {}
    for name, (login, path) in pages.items():
        found[name] = _measure(browsers[login], path)
        done(name)
    return found


def _signed_in(port: int, login: str) -> Browser:
    browser = Browser(port)
    if login:
        browser.sign_in(account(login).email, PASSWORD)
    return browser


def _measure(browser: Browser, path: str) -> dict[str, Any]:
    warm = [_ask(browser, path) for _time in range(WARM_UP)]
    times = TIMES if warm[-1][1] < SLOW else TIMES_SLOW
    seconds = [_ask(browser, path)[1] for _time in range(times)]
    return {
        **milliseconds(seconds),
        "first_ms": round(warm[0][1] * 1000, 1),
        "requests": times,
        "bytes": warm[-1][0],
    }


def _ask(browser: Browser, path: str) -> tuple[int, float]:
    status, content, seconds = browser.ask("GET", path)
    if status != 200:
        raise RuntimeError(f"{path} was answered with {status}")
    return len(content), seconds


def milliseconds(seconds: list[float], *marks: int) -> dict[str, float]:
    """Return percentiles in milliseconds, 50 and 95 unless told."""
    cuts = quantiles(seconds, n=100, method="inclusive")
    return {f"p{mark}_ms": round(cuts[mark - 1] * 1000, 1) for mark in marks or (50, 95)}
