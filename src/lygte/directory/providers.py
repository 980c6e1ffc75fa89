"""Who does outreach and mobile health work in which region: dated statements with their source, never code.

`data/providers.csv` is read once. A statement that is old is shown as old, and one that has ended is not shown.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from .areas import AREAS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FILE = Path(__file__).with_name("data") / "providers.csv"
OLD_AFTER_YEARS = 3

SERVICES: dict[str, StrOrPromise] = {
    "outreach": _("Outreach"),
    "outreach_health": _("Outreach with health care"),
    "mobile_health": _("Mobile health care"),
    "sti_clinic": _("Clinic for sexual health"),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """Somebody said in `as_of` (a year, or a month as 2019-12) that a provider works in a region."""

    region: str
    provider: str
    service: str
    since: str
    until: str
    as_of: str
    source: str

    @property
    def label(self) -> StrOrPromise:
        return SERVICES[self.service]

    @property
    def address(self) -> str:
        """Return the site of the source; what stands behind it in the file is a note in English for whoever keeps it."""
        found = re.match(r"[a-z0-9-]+(\.[a-z0-9-]+)+", self.source)
        return found[0] if found else ""

    def is_old(self, today: date) -> bool:
        """Tell whether so many years have begun since that it should be asked again."""
        return today.year - int(self.as_of[:4]) > OLD_AFTER_YEARS


def read_statements(path: Path = FILE) -> list[Statement]:
    """Read the file. Raises ValueError for an unknown region or service, or a statement without date or source."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [Statement(**row) for row in csv.DictReader(line for line in lines if not line.startswith("#"))]
    for row in rows:
        if row.region not in AREAS or row.service not in SERVICES or not row.as_of[:4].isdigit() or not row.source:
            raise ValueError(f"not a statement about a provider: {row}")
    return rows


STATEMENTS = read_statements()


def providers_of(region: str, today: date) -> list[Statement]:
    """Return what is stated for a region, then for its whole country, the newest first; what has ended is left out."""
    places = {region, AREAS[region].parent} if region in AREAS else set()
    found = [one for one in STATEMENTS if one.region in places and not (one.until and one.until < f"{today:%Y-%m}")]
    newest = sorted(found, key=lambda one: one.as_of, reverse=True)
    return sorted(newest, key=lambda one: one.region != region)
