"""The figures as tables, for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.table import Table

DATABASES = ("SQLite", "PostgreSQL")


def show(found: dict[str, Any], console: Console) -> None:
    """Print every part that was measured."""
    c = found["conditions"]
    console.print(
        f"{c['visits']:,} visits, {c['cores']} cores ({c['processor']}), Python {c['python']}, Django {c['django']}, "
        f"load {c['load_at_the_start']:.1f} at the start, commit {c['commit']}",
        highlight=False,
    )
    if "world" in found:
        _world(found["world"], console)
    if found.get("pages"):
        _pages(found["pages"], console)
    if found.get("cases"):
        _cases(found["cases"], console)
    if found.get("submissions"):
        _submissions(found["submissions"], console)
    if found.get("memory"):
        _memory(found["memory"], console)
    if found.get("unlock"):
        _unlock(found["unlock"], console)
    if found.get("setup"):
        table = Table(title="Set-up, until the server answers", title_justify="left")
        table.add_column("")
        table.add_column("seconds", justify="right")
        for name, figures in found["setup"].items():
            table.add_row(name, f"{figures['seconds']:.1f}")
        console.print(table)


def _cases(cases: dict[str, Any], console: Console) -> None:
    _pages({name: one["pages"] for name, one in cases.items()}, console)
    table = _table("Keys over HTTP", *cases)
    rows: dict[str, Callable[[dict[str, Any]], Any]] = {
        "slowest list, p95 / 500 ms": lambda one: one["slowest_list_p95_of_the_bound"],
        "persons opened to show one list": lambda one: one["opened_for_one_list"],
        "opening the locked part, p50 / p95 ms": lambda one: _both(one["unlock"]["opening"]),
        "its p95 / 1000 ms": lambda one: one["unlock"]["opening"]["p95_of_the_bound"],
        "signing in (page, password, key), p50 / p95 ms": lambda one: _both(one["unlock"]["sign_in"]),
        "twenty sign in at once: all in after, s": lambda one: one["crowd"]["seconds"],
        "one after the other would be, s": lambda one: one["crowd"]["one_after_the_other_would_be_s"],
        "gain over one lock": lambda one: one["crowd"]["gain_over_one_lock"],
        "a public page beside them, p50 ms": lambda one: one["crowd"]["a_public_page_beside_them_p50_ms"],
    }
    for title, figure in rows.items():
        table.add_row(title, *(str(figure(one)) for one in cases.values()))
    console.print(table)


def _both(figures: dict[str, float]) -> str:
    return f"{figures['p50_ms']:.0f} / {figures['p95_ms']:.0f}"


def _unlock(unlock: dict[str, Any], console: Console) -> None:
    table = _table("Keys", "")
    for name, figure in unlock.items():
        table.add_row(name.replace("_", " "), str(figure))
    console.print(table)


def _table(title: str, *heads: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for head in heads:
        table.add_column(head, justify="right")
    return table


def _world(world: dict[str, Any], console: Console) -> None:
    table = _table(
        "The world (both databases filled at the same time)", "fill, s", "megabytes", "memory while filling, MB"
    )
    for facts in world.values():
        table.add_row(
            facts["database"], f"{facts['seconds']['fill']:.0f}", f"{facts['size'] / 1e6:,.0f}", str(facts["peak_mb"])
        )
    console.print(table)


def _pages(pages: dict[str, Any], console: Console) -> None:
    there = [name for name in DATABASES if name in pages]
    table = _table("Pages, milliseconds", *(f"{name} {mark}" for name in there for mark in ("p50", "p95")))
    for page in pages[there[0]]:
        figures = [f"{pages[name][page][mark]:.1f}" for name in there for mark in ("p50_ms", "p95_ms")]
        table.add_row(page, *figures)
    console.print(table)


def _submissions(submissions: dict[str, Any], console: Console) -> None:
    marks = {
        "per second": "per_second",
        "per server CPU-second": "per_server_cpu_second",
        "with the database's CPU": "per_cpu_second_with_database",
        "p50, ms": "p50_ms",
        "p99, ms": "p99_ms",
    }
    ways = {name: f"{one['token']['workers']} × {one['token']['threads']}" for name, one in submissions.items()}
    table = _table("Submissions over eight connections", *(f"{name}, {ways[name]}" for name in submissions))
    for way in next(iter(submissions.values())):
        table.add_section()
        for title, mark in marks.items():
            table.add_row(f"{way}: {title}", *(str(one[way][mark]) for one in submissions.values()))
    console.print(table)


def _memory(memory: dict[str, Any], console: Console) -> None:
    table = _table("Memory of the server, megabytes", *(f"{name} {what}" for name in memory for what in ("RSS", "PSS")))
    for moment in next(iter(memory.values())):
        figures = [str(memory[name][moment][what]) for name in memory for what in ("rss_mb", "pss_mb")]
        table.add_row(moment, *figures)
    console.print(table)
