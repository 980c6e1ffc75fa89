"""This season at a glance, and coverage: shares with intervals, drawings, and the table behind each."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext
from django.views.decorators.http import require_safe

from lygte.care.outreach.handover import PLACE_KINDS
from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.directory.areas import area_name, areas_within

from .. import codes, pictures, reads
from ..coverage import at_a_glance, of_regions, over_time
from ..covering import Cover, Period, difference, last_months
from ..forms import CoverageForm
from ..models import Round
from ..rules import Season, season_named, season_of

MOST_BARS = 24


def percents(ends: tuple[float, float]) -> str:
    """Return an interval in words, for shares and for differences in percentage points."""
    return _("%(low)s to %(high)s") % {"low": pictures.percent(ends[0]), "high": pictures.percent(ends[1])}


def row_of(cover: Cover) -> dict[str, Any]:
    """Return a line of a table of coverage, ready to be shown."""
    return {
        "known": cover.known,
        "visited": cover.visited,
        "share": None if cover.share is None else pictures.percent(cover.share),
        "interval": None if cover.interval is None else percents(cover.interval),
        "visits": cover.visits,
        "per_place": None if cover.per_place is None else round(cover.per_place, 1),
        "never": cover.never,
        "longest": cover.longest,
    }


def months_in_words(period: Period) -> str:
    return f"{date_format(period.first, 'M Y')} – {date_format(period.until, 'M Y')}"


@require_safe
@page(Verb.ROUND_LIST)
def coverage(request: Request) -> HttpResponse:
    member = request.member
    today = timezone.localdate()
    form = CoverageForm(member, request.GET, home=reads.home_region(member))
    region, months = form.wanted()
    found = of_regions(member, last_months(months, today))
    regions = [area.code for area in reads.regions(member)]
    kinds = {kind: str(label) for kind, label in PLACE_KINDS.items() if any(k == kind for _r, k in found.by_kind)}
    areas = sorted({area for area, _kind in found.by_cell if area in areas_within(region)}, key=area_name)
    maps = [pictures.tile_map(_("All kinds of places"), regions, found.by_region, named=True)]
    for kind, label in kinds.items():
        covers = {code: found.by_kind.get((code, kind), Cover()) for code in regions}
        maps.append(pictures.tile_map(label, regions, covers, named=False))
    kinds_here = {kind: label for kind, label in kinds.items() if any((area, kind) in found.by_cell for area in areas)}
    earlier = over_time(member, region, months, today)
    context = {
        "form": form,
        "region": region,
        "name": area_name(region),
        "period": months_in_words(found.period),
        "maps": maps,
        "regions": [_region_row(code, found.by_region.get(code, Cover()), found.whole) for code in regions],
        "by_kind": [
            {"area": area_name(code), "kind": label, **row_of(found.by_kind[(code, kind)])}
            for code in regions
            for kind, label in kinds.items()
            if (code, kind) in found.by_kind
        ],
        "whiskers": pictures.whiskers(
            _("Share of known places visited, by region"),
            [(area_name(code), found.by_region.get(code, Cover())) for code in regions],
        ),
        "heat": pictures.heat(
            _("Share of known places visited, by municipality and kind"), areas, kinds_here, found.by_cell
        ),
        "cells": [
            {"area": area_name(area), "kind": label, **row_of(found.by_cell[(area, kind)])}
            for area in areas
            for kind, label in kinds_here.items()
            if (area, kind) in found.by_cell
        ],
        "time": [(months_in_words(period), row_of(cover)) for period, cover in earlier],
        "time_picture": pictures.whiskers(
            _("Share of known places visited, over time"),
            [(months_in_words(period), cover) for period, cover in earlier],
        ),
    }
    return render(request, "rounds/coverage.html", context)


def _region_row(code: str, cover: Cover, whole: Cover) -> dict[str, Any]:
    apart = difference(cover, whole)
    said = ""
    if apart is not None:
        low, high = (round(100 * end) for end in apart[1])
        said = _("%(low)+d to %(high)+d points") % {"low": low, "high": high}
    return {"code": code, "area": area_name(code), "apart": said, **row_of(cover)}


@require_safe
@page(Verb.ROUND_LIST)
def season(request: Request) -> HttpResponse:
    """Show rounds, visits, reach, gaps and the next round of one season."""
    member = request.member
    today = timezone.localdate()
    now = season_named(request.GET.get("season", "")) or season_of(today)
    glance = at_a_glance(member, now, today)
    rounds = list(reads.rounds_between(member, *now.days))
    drawn = [one for one in rounds if one.state != codes.CALLED_OFF and one.day <= today][-MOST_BARS:]
    region = reads.home_region(member)
    current = now == season_of(today)
    following = reads.next_rounds(member) if current else []
    numbers = reads.numbers_of_day(member, [*rounds, *following])
    context = {
        "glance": glance,
        "title": season_in_words(now),
        "days": now.days,
        "current": current,
        "before": (now.moved(-1).code, season_in_words(now.moved(-1))),
        "after": (now.moved(1).code, season_in_words(now.moved(1))),
        "cover": row_of(glance.cover),
        "chance": chance(glance.cover),
        "gap": gap_in_words(glance.cover.longest),
        "back": glance.planned - glance.reached,
        "next": [(one, reads.title_of(one, numbers), reads.day_in_words(one)) for one in following],
        "rows": [
            (one, reads.told_apart(reads.day_in_words(one), one, numbers), area_name(one.region))
            for one in reversed(rounds)
        ],
        "picture": pictures.bars(
            _("Places visited of those on each round"),
            [(short_name(one, numbers), one.places, one.reached) for one in drawn],
        )
        if drawn
        else None,
        "left_out": max(0, len([one for one in rounds if one.day <= today]) - MOST_BARS),
        "region": region,
    }
    return render(request, "rounds/season.html", context)


def chance(cover: Cover) -> str:
    """Return the interval of a share as it stands in brackets behind it."""
    if cover.interval is None:
        return ""
    low, high = (pictures.whole_percent(end) for end in cover.interval)
    return _("(%(low)d–%(high)d%%)") % {"low": low, "high": high}


def gap_in_words(days: int) -> tuple[int, str]:
    """Return a gap as a number and its unit, in units that a person can picture; begun ones are not counted."""
    years, months = days * 4 // 1461, days * 48 // 1461
    if years >= 2:
        return years, npgettext("a gap", "year", "years", years)
    if months >= 2:
        return months, npgettext("a gap", "month", "months", months)
    return days, npgettext("a gap", "day", "days", days)


def short_name(one: Round, numbers: reads.Numbers) -> str:
    """Return a name that fits beside a bar; the table has the part of the day."""
    return " · ".join(filter(None, (date_format(one.day, "SHORT_DATE_FORMAT"), numbers[one.pk])))


def season_in_words(one: Season) -> str:
    names = {
        "winter": pgettext("season", "Winter"),
        "spring": pgettext("season", "Spring"),
        "summer": pgettext("season", "Summer"),
        "autumn": pgettext("season", "Autumn"),
    }
    years = f"{one.year - 1}/{one.year % 100:02}" if one.name == "winter" else str(one.year)
    return f"{names[one.name]} {years}"
