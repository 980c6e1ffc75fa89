"""The body of a submission, taken apart: any length the phone may send, whole or refused, names in UTF-8.

Django's own reader is not used: its limits do not fit what phones send (a hundred files and the form), it answers
them with a page, it takes a body that was cut off for a whole one, and it sees no chunked body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.http import HttpRequest

from lygte.core.problems import Problem

MAX_BODY_BYTES = 100_000_000
MAX_PARTS = 250
MAX_HEADER_BYTES = 8_192
CHUNK = 1 << 18
BOUNDARY = re.compile(
    r"""^multipart/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"\r\n]{1,200})"|([^;\s"]{1,200}))""", re.I | re.S
)
PARAMETER = re.compile(r""";\s*([\w*]+)\s*=\s*(?:"((?:\\"|[^"])*)"|([^;\s]*))""")

PLAIN = {"binary", "8bit", "7bit"}


@dataclass(frozen=True)
class Part:
    """One part of a body. `content` points into the body: use it before the body is closed."""

    name: str
    filename: str
    content: memoryview


@contextmanager
def parts_of(request: HttpRequest) -> Iterator[list[Part]]:
    """Yield the parts of a multipart request, or raise a Problem of the 150s."""
    match = BOUNDARY.match(request.META.get("CONTENT_TYPE", ""))
    if match is None:
        raise Problem("415.155")
    boundary = (match[1] or match[2]).encode("utf-8")
    with _body(request) as body, memoryview(body) as view:
        parts = list(_split(body, view, boundary))
        try:
            yield parts
        finally:
            for part in parts:
                part.content.release()


@contextmanager
def _body(request: HttpRequest) -> Iterator[bytearray]:
    """Yield the whole body, in memory: what a locked form says may not be written to a file, not even one without a name."""
    stream, expected = _stream(request)
    body = bytearray()
    while chunk := stream.read(CHUNK if expected is None else min(CHUNK, expected - len(body))):
        body += chunk
        _within(len(body))
    _complete(len(body), expected)
    yield body


def _stream(request: HttpRequest) -> tuple[Any, int | None]:
    """Return what to read from, and how many bytes there must be; None for a chunked body."""
    announced = request.META.get("CONTENT_LENGTH") or ""
    if announced.isdigit():
        _within(int(announced))
        return request, int(announced)
    if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
        return request.META["wsgi.input"], None
    raise Problem("400.152")


def _within(size: int) -> None:
    if size > MAX_BODY_BYTES:
        raise Problem("413.154", limit=MAX_BODY_BYTES // 1_000_000)


def _complete(size: int, expected: int | None) -> None:
    if size == 0 or (expected is not None and size != expected):
        raise Problem("400.152")


def _split(body: bytearray, view: memoryview, boundary: bytes) -> Iterator[Part]:
    """Yield the parts; a body without its closing boundary was cut off and is refused whole."""
    opening, delimiter = b"--" + boundary, b"\r\n--" + boundary
    place = 0 if body[: len(opening)] == opening else body.find(delimiter) + 2
    if place == 1:
        raise Problem("400.152")
    place += len(opening)
    count = 0
    while body[place : place + 2] != b"--":
        count += 1
        if count > MAX_PARTS:
            raise Problem("413.153", limit=MAX_PARTS)
        line_end = body.find(b"\r\n", place, place + 80)
        # The headers end in an empty line; where there are none, that is the line after the boundary.
        headers_end = body.find(b"\r\n\r\n", line_end, line_end + MAX_HEADER_BYTES) if line_end >= 0 else -1
        end = body.find(delimiter, headers_end + 2) if headers_end >= 0 else -1
        if end < 0:
            raise Problem("400.152")
        name, filename = _names(bytes(body[line_end + 2 : headers_end]))
        yield Part(name, filename, view[min(headers_end + 4, end) : end])
        place = end + len(delimiter)


def _names(headers: bytes) -> tuple[str, str]:
    try:
        lines = headers.decode("utf-8").split("\r\n")
    except UnicodeDecodeError as error:
        raise Problem("400.152") from error
    found: dict[str, str] = {}
    for line in lines:
        header, _, value = line.partition(":")
        if header.strip().lower() == "content-disposition":
            found = {match[1].lower(): _unescape(match[2] or match[3] or "") for match in PARAMETER.finditer(value)}
        elif header.strip().lower() == "content-transfer-encoding" and value.strip().lower() not in PLAIN:
            raise Problem("400.152")
    filename = found.get("filename", "")
    if found.get("filename*", "").lower().startswith("utf-8''"):
        filename = unquote(found["filename*"][7:])
    if len(filename) > 250 or len(found.get("name", "")) > 250:
        raise Problem("400.162", limit=250)
    return found.get("name", ""), filename


def _unescape(value: str) -> str:
    """Undo what clients do to quotation marks and line ends in names."""
    return value.replace('\\"', '"').replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")
