"""A file that is a stream: what is written to it is taken out again at once. And room beside it for what must wait."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.conf import settings

CHUNK = 64 * 1024


class Sink:
    """A file that only grows. `taken()` gives what came since it was last asked."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._size = 0

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._held.append(piece)
        self._size += len(piece)
        return len(piece)

    def flush(self) -> None:
        pass

    def seek(self, at: int, whence: int = 0) -> int:
        raise OSError("a stream does not go back")

    def tell(self) -> int:
        raise OSError("a stream does not say where it is")

    def close(self) -> None:
        pass

    @property
    def waiting(self) -> int:
        return self._size

    def taken(self) -> bytes:
        content = b"".join(self._held)
        self._held, self._size = [], 0
        return content


class Package:
    """A zip that leaves while it is made. One member at a time; `drain()` yields what is ready."""

    def __init__(self) -> None:
        self.sink = Sink()
        self.zip = zipfile.ZipFile(self.sink, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=4)

    def open(self, name: str, *, packed: bool = True) -> IO[bytes]:
        info = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        return self.zip.open(info, "w", force_zip64=True)

    def drain(self, least: int = CHUNK) -> Iterator[bytes]:
        if self.sink.waiting >= least:
            yield self.sink.taken()

    def put(self, name: str, content: bytes) -> Iterator[bytes]:
        """Add a whole member."""
        with self.open(name) as member:
            member.write(content)
        yield from self.drain()

    def copy(self, name: str, waiting: IO[bytes], *, packed: bool = True) -> Iterator[bytes]:
        """Add a member that lay waiting on disk."""
        waiting.seek(0)
        with self.open(name, packed=packed) as member:
            while piece := waiting.read(CHUNK):
                member.write(piece)
                yield from self.drain()
        yield from self.drain()

    def close(self) -> Iterator[bytes]:
        self.zip.close()
        yield from self.drain(1)


@contextmanager
def waiting_room() -> Iterator[IO[bytes]]:
    """Give a file without a name in the data folder: it is gone with the process, whatever happens."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=settings.DATA_DIR) as file:
        yield file
