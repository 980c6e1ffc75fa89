"""A thief: takes the database, its write-ahead log, every file of the data folder, backups and this code, and tries every way in.

It knows the whole design. What it is not given are the folder of keys and people's passphrases, unless a test says so.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from lygte.core.vault import ciphers

Row = Mapping[str, Any]
Tables = Mapping[str, list[dict[str, Any]]]
TRIED_BY_EVERYBODY = ("", "password", "lygte", "123456", "correct horse battery staple", "only for tests")


# Taking ---------------------------------------------------------------------------------------------------------------
def dump() -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table, as `pg_dump` or a copied file gives them."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{name}"')
            columns = [column[0] for column in cursor.description]
            found[name] = [
                {c: bytes(v) if isinstance(v, memoryview) else v for c, v in zip(columns, row, strict=True)}
                for row in cursor.fetchall()
            ]
    return found


def files_of_the_database(since: float) -> Iterator[Path]:
    """Yield the files in which the database keeps its rows and its write-ahead log, as far as they changed since."""
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        yield from name.parent.glob(f"{name.name}*")
        return
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        number = cursor.fetchone()[0]
    for path in (*folder.glob("pg_wal/0*"), *folder.glob(f"base/{number}/*")):
        if path.is_file() and path.stat().st_mtime >= since:
            yield path


def files_of_the_data_folder() -> Iterator[Path]:
    """Yield every file of the data folder: media, secret key, caches. The folder of keys lies elsewhere."""
    for path in settings.DATA_DIR.rglob("*"):
        if path.is_file() and not path.name.startswith("test.sqlite3"):
            yield path


@dataclass
class Loot:
    """What was taken: rows of the database and of each backup, and raw bytes by name."""

    rows: list[Tables] = field(default_factory=list)
    raw: dict[str, bytes] = field(default_factory=dict)

    def take(self, paths: Iterable[Path]) -> None:
        for path in paths:
            self.raw[str(path)] = path.read_bytes()

    def all_rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Yield a table's rows from the dump and every backup, each version once."""
        seen = set()
        for tables in self.rows:
            for row in tables.get(table, []):
                mark = (table, *row.values()) if all(map(_hashable, row.values())) else id(row)
                if mark not in seen:
                    seen.add(mark)
                    yield row


def _hashable(value: Any) -> bool:
    return not isinstance(value, list | dict)


# Opening --------------------------------------------------------------------------------------------------------------
@dataclass
class Haul:
    """What the thief got open, and how often it tried."""

    persons: dict[str, bytes] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    tries: int = 0


@dataclass
class Thief:
    """Tries all ways with what it has: loot, and perhaps epoch keys or passphrases."""

    loot: Loot
    epochs: Mapping[int, bytes] = field(default_factory=dict)
    passphrases: Iterable[str] = ()
    haul: Haul = field(default_factory=Haul)

    def rob(self) -> Haul:
        """Try keys that lie about, then the whole way from passphrase to content, then what is left in raw files."""
        candidates = list(self.keys_lying_about())
        privates = [*self.members_keys(candidates), *candidates]
        houses = [*self.organisations_keys(privates), *candidates]
        for row in self.loot.all_rows("vault_wrapped"):
            self.open_wrapped(row, houses, candidates)
        for row in self.carve():
            self.open_wrapped(row, houses, [])
        self.open_contents([*self.haul.persons.values(), *candidates])
        return self.haul

    def _unlock(self, key: bytes, box: bytes, bound: bytes) -> bytes | None:
        self.haul.tries += 1
        try:
            return ciphers.unlock(key, box, bound)
        except (ciphers.Unopenable, ValueError, TypeError):
            return None

    def _unseal(self, private: bytes, box: bytes) -> bytes | None:
        self.haul.tries += 1
        try:
            return ciphers.unseal(private, box)
        except (ciphers.Unopenable, ValueError, TypeError):
            return None

    def keys_lying_about(self) -> Iterator[bytes]:
        """Yield whatever could be a key: 32 bytes in any column, what can be made of the site's secret, nothing at all."""
        found = {bytes(32), b"\xff" * 32}
        secrets = [settings.SECRET_KEY.encode(), *(raw for name, raw in self.loot.raw.items() if len(raw) < 200)]
        for secret in secrets:
            found |= {ciphers.digest(secret), secret[:32].ljust(32, b"\0"), ciphers.derive(secret, "key")}
        for name, rows in self.loot.rows[0].items():
            for row in rows if "audit" not in name else ():  # the log's digests are no keys, and there are many
                found |= set(_of_key_size(row.values()))
        yield from sorted(found)

    def members_keys(self, candidates: list[bytes]) -> Iterator[bytes]:
        members = {row["id"]: row["ref"] for row in self.loot.all_rows("core_member")}
        for row in self.loot.all_rows("vault_memberkey"):
            bound = ciphers.bind("member", members[row["member_id"]])
            cost = ciphers.Cost(row["passes"], row["memory"])
            stretched = (ciphers.stretch(word, row["salt"], cost) for word in (*self.passphrases, *TRIED_BY_EVERYBODY))
            for key in (*stretched, *candidates):
                if private := self._unlock(key, row["box"], bound):
                    yield private

    def organisations_keys(self, privates: list[bytes]) -> Iterator[bytes]:
        boxes = [row["box"] for row in self.loot.all_rows("vault_keygrant")]
        boxes += [row["recovery_box"] for row in self.loot.all_rows("vault_organisationkey")]
        for box in boxes:
            for private in privates:
                if opened := self._unseal(private, box):
                    yield opened

    def open_wrapped(self, row: Row, houses: list[bytes], candidates: list[bytes]) -> None:
        """Try the outer wrapping with the epoch's key or any other, then the inner one; also as if there were no outer one."""
        if row["about"] in self.haul.persons:
            return
        bound = ciphers.bind("wrapped", row["ref"], row["kind"], row["about"], str(row["epoch"]))
        keys = [self.epochs[row["epoch"]]] if row["epoch"] in self.epochs else candidates
        inner_boxes = [row["box"], *(opened for key in keys if (opened := self._unlock(key, row["box"], bound)))]
        for inner in inner_boxes:
            for house in houses:
                opened = self._unseal(house, inner) or self._unlock(house, inner, row["about"].encode())
                if opened and opened[ciphers.KEY :] == ciphers.digest(row["about"].encode()):
                    self.haul.persons[row["about"]] = opened[: ciphers.KEY]
                    return

    def carve(self) -> Iterator[Row]:
        """Yield wrapped keys cut out of raw files: what was deleted is often still there."""
        # SQLite writes the texts of a row one after the other; PostgreSQL puts a byte with the length before each.
        pattern = re.compile(rb"([a-z2-7]{26})[\x0f\x11]?(person|package)7?([a-z2-7]{26})")
        for raw in self.loot.raw.values():
            for match in pattern.finditer(raw):
                ref, kind, about = (part.decode() for part in match.groups())
                if about not in self.haul.persons:
                    yield from self._boxes_after(raw[match.end() : match.end() + 900], ref, kind, about)

    def _boxes_after(self, raw: bytes, ref: str, kind: str, about: str) -> Iterator[Row]:
        size = 1 + ciphers.NONCE + ciphers.padded_size(0) + 16
        for epoch, key in self.epochs.items():
            bound = ciphers.bind("wrapped", ref, kind, about, str(epoch))
            for start in range(min(160, max(0, len(raw) - size + 1))):
                box = raw[start : start + size]
                if box[:1] == ciphers.VERSION and self._unlock(key, box, bound):
                    yield {"ref": ref, "kind": kind, "about": about, "epoch": epoch, "box": box}

    def open_contents(self, keys: list[bytes]) -> None:
        persons = {row["id"]: row["ref"] for row in self.loot.all_rows("consent_person")}
        tables = {name for tables in self.loot.rows for name, rows in tables.items() if rows and "locked" in rows[0]}
        for table in sorted(tables):
            for row in self.loot.all_rows(table):
                person = persons.get(row["person_id"])
                if row["locked"] is None or person is None:
                    continue
                place = ciphers.bind(table, "locked", row["ref"], person, str(row["version"]))
                for key in [self.haul.persons[person]] if person in self.haul.persons else keys:
                    if opened := self._unlock(key, row["locked"], place):
                        self.haul.texts.add(opened.decode())

    def plain(self, words: Iterable[str]) -> set[str]:
        """Return the words that stand anywhere as they are, or written in another way, in rows or raw files."""
        haystacks = [*self.loot.raw.values(), *(repr(tables).encode() for tables in self.loot.rows)]
        return {word for word in words if any(form in hay for form in _forms(word) for hay in haystacks)}


def _forms(word: str) -> Iterator[bytes]:
    raw = word.encode()
    yield raw
    yield word.encode("utf-16-le")
    yield raw.hex().encode()
    for shift in range(3):  # base64 of the word wherever it begins in a longer text
        yield base64.b64encode(b"\0" * shift + raw)[4 if shift else 0 : -4]


def _of_key_size(values: Iterable[Any]) -> Iterator[bytes]:
    for value in values:
        if isinstance(value, bytes):
            yield from (value[i:j] for i, j in pairwise(range(0, len(value) + 1, 32)) if len(value) <= 128)
            yield value[-32:].ljust(32, b"\0")
        elif isinstance(value, str) and len(value) == 64:
            try:
                yield bytes.fromhex(value)
            except ValueError:
                continue
