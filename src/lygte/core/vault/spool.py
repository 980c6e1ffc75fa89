"""Requests on their way in, larger than memory should hold: on the disk only as ciphertext under a key that dies with them.

A body is written once and read once from its beginning. Nothing of it can be read from the disk afterwards, not even from
blocks that were given back: what a locked form says, or a photograph with it, passes through here.
"""

from __future__ import annotations

import tempfile
from types import TracebackType
from typing import IO

from . import ciphers

BLOCK = ciphers.STEPS[-1] - 4  # so much content fills one padded box exactly
_BOX = len(ciphers.lock(bytes(ciphers.KEY), b"", b"")) - ciphers.STEPS[0] + ciphers.STEPS[-1]


class Spool:
    """A file-like object: `write`, then `seek(0)`, then `read` and `readline`."""

    def __init__(self, in_memory: int, folder: str) -> None:
        self._in_memory, self._folder = in_memory, folder
        self._waiting, self._last = (
            bytearray(),
            bytearray(),
        )  # what is not on the disk, or read back and not yet asked for
        self._file: IO[bytes] | None = None
        self._key, self._blocks, self._next = ciphers.random_key(), 0, 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._waiting.clear()
        self._key = b""
        if self._file is not None:
            self._file.close()

    def write(self, piece: bytes) -> None:
        self._waiting += piece
        if self._file is None and len(self._waiting) > self._in_memory:
            self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed with the spool
        while self._file is not None and len(self._waiting) >= BLOCK:
            self._write_block()

    def _write_block(self) -> None:
        assert self._file is not None
        place = str(self._blocks).encode()
        self._file.write(ciphers.lock(self._key, bytes(self._waiting[:BLOCK]), place))
        del self._waiting[:BLOCK]
        self._blocks += 1

    def seek(self, place: int) -> None:
        """Begin to read: from here on nothing is written."""
        if place != 0 or self._next:
            raise ValueError("a spool is read once, from its beginning")
        self._last, self._waiting = self._waiting, bytearray()
        if self._file is not None:
            self._file.seek(0)

    def _fill(self, size: int) -> None:
        while (size < 0 or len(self._waiting) < size) and self._next <= self._blocks:
            if self._next < self._blocks:
                assert self._file is not None
                box = self._file.read(_BOX)
                self._waiting += ciphers.unlock(self._key, box, str(self._next).encode())
            else:
                self._waiting += self._last
            self._next += 1

    def read(self, size: int = -1) -> bytes:
        self._fill(size)
        end = len(self._waiting) if size < 0 else size
        piece = bytes(self._waiting[:end])
        del self._waiting[:end]
        return piece

    def readline(self, size: int = -1) -> bytes:
        while b"\n" not in self._waiting and self._next <= self._blocks:
            self._fill(len(self._waiting) + 1)
        end = self._waiting.find(b"\n") + 1 or len(self._waiting)
        return self.read(end if size < 0 else min(end, size))
