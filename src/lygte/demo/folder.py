"""The data folder of a demo: what Lygte made in it, and the note by which a second start finds everything ready.

The note holds a fingerprint of the migrations and of the built pages. Where it still fits, nothing needs to be
looked at again and the server can start at once.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
NOTE, TRUTH, TO_SEND = "demo.json", "demo-truth.json", "demo-to-send.json"
DATABASE = "lygte.sqlite3"
SQLITE_TAILS = ("", "-wal", "-shm", "-journal")
CONTENT = (NOTE, TRUTH, TO_SEND, "attachments")
KEPT = ("secret_key", "static", "address")
STAMPS = {"attachments": "lygte-demo-stamp", "static": "lygte-stamp"}  # a folder without its stamp is somebody's
OURS = frozenset({*CONTENT, *KEPT, *(name + tail for name in (DATABASE, "test.sqlite3") for tail in SQLITE_TAILS)})


@dataclass(frozen=True)
class Note:
    """What a second start needs to know without asking the database."""

    state: str
    visits: int
    seed: int
    pages: Mapping[str, str] = field(default_factory=dict)


def state_of_code() -> str:
    """Return a fingerprint of what a ready database and ready static files depend on."""
    digest = hashlib.sha256(os.environ.get("LYGTE_DATABASE_URL", "").encode())
    for path in sorted(PACKAGE.rglob("migrations/0*.py")):
        digest.update(str(path.relative_to(PACKAGE)).encode() + path.read_bytes())
    built = PACKAGE / "site" / "static" / "build" / "lygte-stamp"
    digest.update(built.read_bytes() if built.exists() else b"none")
    return digest.hexdigest()


def write_note(folder: Path, note: Note) -> None:
    (folder / NOTE).write_text(json.dumps(asdict(note), indent=1))


def last_note(folder: Path) -> Note | None:
    """Return the note of the last start, whether it still fits or not."""
    try:
        return Note(**json.loads((folder / NOTE).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def read_note(folder: Path) -> Note | None:
    """Return the note if it still fits and the database is there, else None."""
    note = last_note(folder)
    if note is None:
        return None
    there = "LYGTE_DATABASE_URL" in os.environ or (folder / DATABASE).exists()
    return note if note.state == state_of_code() and there and (folder / "static").exists() else None


def strangers(folder: Path) -> list[str]:
    """Return the names of what is in the folder and not Lygte's."""
    if not folder.exists():
        return []
    return sorted({path.name for path in folder.iterdir() if path.name not in OURS} | set(unstamped(folder)))


def unstamped(folder: Path) -> list[str]:
    """Return the names of folders that are called like ours, hold something, and were not made by us."""
    return [name for name, stamp in STAMPS.items() if _holds(folder / name) and not _stamped(folder / name, stamp)]


def _holds(path: Path) -> bool:
    return path.is_symlink() or path.is_file() or (path.is_dir() and any(path.iterdir()))


def _stamped(path: Path, stamp: str) -> bool:
    return not path.is_symlink() and (path / stamp).is_file()


def claim(folder: Path) -> None:
    """Make the folder for files sent with forms and stamp it as the demo's; call it only where `unstamped` is empty."""
    attachments = folder / "attachments"
    attachments.mkdir(mode=0o700, parents=True, exist_ok=True)
    (attachments / STAMPS["attachments"]).write_text("Made by ./lygte demo, which --fresh removes with all in it.\n")


def remove_content(folder: Path) -> None:
    """Remove what a demo wrote beside its database; nothing that Lygte did not make is touched."""
    for name in CONTENT:
        path = folder / name
        if name in STAMPS and not _stamped(path, STAMPS[name]):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def remove_sqlite(path: Path) -> None:
    for tail in SQLITE_TAILS:
        path.with_name(path.name + tail).unlink(missing_ok=True)
