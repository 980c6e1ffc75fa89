"""A request on its way in is whole again when it is read, and on the disk nobody can read it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lygte.core.vault.spool import BLOCK, Spool

WORD = b"zqspooled"


@pytest.mark.parametrize("size", [0, 1, 999, 1_000, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 400_000])
@pytest.mark.parametrize("piece", [700, 65_536])
def test_what_was_written_is_read_back(tmp_path: Path, size: int, piece: int) -> None:
    content = (WORD + bytes(range(256))) * (size // 260 + 1)
    content = content[:size]
    with Spool(1_000, str(tmp_path)) as spool:
        for at in range(0, size, piece):
            spool.write(content[at : at + piece])
        spool.seek(0)
        assert b"".join(iter(lambda: spool.read(10_000), b"")) == content
        assert spool.read(5) == spool.read() == b""


def test_lines_are_read_as_a_file_gives_them(tmp_path: Path) -> None:
    lines = [b"a" * 70_000 + b"\n", b"\n", b"last"]
    with Spool(10, str(tmp_path)) as spool:
        spool.write(b"".join(lines))
        spool.seek(0)
        assert [spool.readline(), spool.readline(), spool.readline(2), spool.readline(), spool.readline()] == [
            *lines[:2], b"la", b"st", b"",
        ]  # fmt: skip


def test_nothing_of_it_can_be_read_on_the_disk(tmp_path: Path) -> None:
    with Spool(1_000, str(tmp_path)) as spool:
        spool.write(WORD * 100_000)
        assert spool._file is not None
        spool._file.flush()
        handle = spool._file.fileno()
        on_disk = os.pread(handle, os.fstat(handle).st_size, 0)
        assert len(on_disk) > 800_000 and WORD not in on_disk
    assert list(tmp_path.iterdir()) == []
