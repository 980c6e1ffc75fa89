"""What the web server calls: takes a whole request in first, and only then gives it to one of Django's few threads.

A phone on a bad signal, or somebody who means ill, may send a body drop by drop. Waiting for it costs no thread here,
has an end (60 seconds, and more only while data keep coming), and takes bounded room in memory and on disk.
What is too large to hold (an export) leaves piece by piece, from a thread of its own, as fast as it is taken.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connections
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header
from granian.rsgi import ProtocolClosed

from lygte.core.problems import Problem
from lygte.core.transactions import broken_off
from lygte.core.vault.spool import Spool

log = logging.getLogger(__name__)
SECONDS = float(os.environ.get("LYGTE_BODY_SECONDS", "60"))  # for a body of any size
RATE = float(os.environ.get("LYGTE_BODY_RATE", "4000"))  # so many bytes buy another second: big ones may take long
THREADS = int(os.environ.get("LYGTE_THREADS", "4"))
LARGEST_BODY = 110_000_000  # the largest that any address takes, and its envelope
IN_MEMORY = 256_000
MOST_BODIES = 400  # on their way at once
MOST_HELD = 1_000_000_000  # bytes of them together
MOST_FLOWS = int(os.environ.get("LYGTE_DOWNLOADS", "8"))  # large answers leaving at once

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, Any]  # the content is bytes, or what is still to be made: an answer that flows


class Doorway:
    """An RSGI application around a WSGI one."""

    def __init__(self, inner: Callable[..., Any]) -> None:
        self.inner = inner
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="django")
        self.bodies = self.held = self.flows = 0

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        environ = environ_of(scope)
        with Spool(IN_MEMORY, str(settings.DATA_DIR)) as body:
            environ["wsgi.input"] = body
            try:
                await self._take_in(environ, protocol, body)
                loop = asyncio.get_running_loop()
                status, headers, content = await loop.run_in_executor(self.threads, self._ask, environ)
                if not isinstance(content, bytes):
                    await self._pour(protocol, status, headers, content)
                    return
            except Problem as problem:
                status, headers, content = told(problem, environ)
        with suppress(ProtocolClosed):  # who asked has gone
            if content:
                protocol.response_bytes(status, headers, content)
            else:
                protocol.response_empty(status, headers)

    async def _pour(self, protocol: Any, status: int, headers: Headers, content: Any) -> None:
        """Send an answer piece by piece; the next is made when the one before was taken, and nobody waits for ever."""
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, thread_name_prefix="flow") as own:  # one thread: its connection to the database
            try:
                if self.flows >= MOST_FLOWS:
                    raise Problem("503.11")
                self.flows += 1
                try:
                    pieces = iter(content)
                    await self._flow(protocol, status, headers, lambda: loop.run_in_executor(own, _next, pieces))
                finally:
                    self.flows -= 1
            finally:
                await loop.run_in_executor(own, _close, content)

    async def _flow(self, protocol: Any, status: int, headers: Headers, make: Callable[[], Any]) -> None:
        try:
            piece = await make()
        except DatabaseError:  # before a word is said, it can still be told
            log.exception("the database did not answer")
            raise Problem("503.550") from None
        transport = protocol.response_stream(status, headers)
        with suppress(ProtocolClosed, TimeoutError):  # who asked has gone, or takes nothing any more
            while piece is not None:
                async with asyncio.timeout(SECONDS):
                    await transport.send_bytes(piece)
                piece = await make()

    async def _take_in(self, environ: Environ, protocol: Any, body: Spool) -> None:
        """Read the body, or raise a Problem where it is too slow, too large, cut off, or one of too many."""
        announced = environ.pop("CONTENT_LENGTH", "")
        chunked = environ.pop("HTTP_TRANSFER_ENCODING", "")
        if not chunked and announced in ("", "0"):
            return
        if self.bodies >= MOST_BODIES:
            raise Problem("503.10")
        self.bodies += 1
        try:
            size = await self._read(protocol, body)
        finally:
            self.bodies -= 1
        if announced and size != int(announced):
            raise Problem("400.1")
        environ["CONTENT_LENGTH"] = str(size)
        body.seek(0)

    async def _read(self, protocol: Any, body: Spool) -> int:
        start, size = asyncio.get_running_loop().time(), 0
        pieces = protocol.__aiter__()
        try:
            while True:
                async with asyncio.timeout_at(start + SECONDS + size / RATE):
                    piece = await pieces.__anext__()  # anext(pieces, None) ended the process of granian 2.8.7
                size += len(piece)
                self.held += len(piece)
                if size > LARGEST_BODY:
                    raise Problem("413.10", limit=LARGEST_BODY // 1_000_000)
                if self.held > MOST_HELD:
                    raise Problem("503.10")
                body.write(piece)
        except StopAsyncIteration:
            return size
        except TimeoutError:
            raise Problem("408.1") from None
        except OSError:
            log.exception("there is no room for what is being sent")
            raise Problem("503.551") from None
        finally:
            self.held -= size

    def _ask(self, environ: Environ) -> Answer:
        """Have Django answer, in a thread of its own, whole; only what streams and has no length is left to flow."""
        said: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
            said[:] = [int(status.split(" ", 1)[0]), headers]

        try:
            result = self.inner(environ, start_response)
            if getattr(result, "streaming", False) and not any(name == "Content-Length" for name, _value in said[1]):
                return said[0], said[1], result
            content = b"".join(result)
        except Exception as error:
            if broken_off(error):  # before Django looks after its requests it looks after its connections
                log.exception("the database did not answer")
                raise Problem("503.550") from None
            log.exception("a request was not answered")
            raise Problem("500.1") from None
        try:
            result.close()
        except Exception:  # what was stored by now is stored: the answer stands
            log.exception("a connection was not given back")
        return said[0], said[1], content


def _next(pieces: Iterator[bytes]) -> bytes | None:
    return next((piece for piece in pieces if piece), None)


def _close(content: Any) -> None:
    """End an answer in the thread that made it, whose connections nobody else will use."""
    try:
        content.close()
    finally:
        connections.close_all()


def environ_of(scope: Any) -> Environ:
    """Return the request as WSGI tells it."""
    host, port = _split(scope.server)
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": _split(scope.client)[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:  # it would pass for the header with a hyphen, which a proxy looks after
            continue
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = environ[key] + ("; " if key == "HTTP_COOKIE" else ",") + value if key in environ else value
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
    return environ


def _split(address: str) -> tuple[str, str]:
    host, _colon, port = address.rpartition(":")
    return host.strip("[]"), port


def told(problem: Problem, environ: Environ) -> Answer:
    """Tell a problem in the reader's language, as plain text: there is no page before there is a request."""
    with translation.override(_language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))):
        content = f"{problem}\n".encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
    if environ["SERVER_PROTOCOL"].startswith("HTTP/1"):
        headers.append(("Connection", "close"))
    return problem.status, headers, content


def _language(accepted: str) -> str:
    for code, _weight in parse_accept_lang_header(accepted.lower()):
        with suppress(LookupError):
            return translation.get_supported_language_variant(code)
    return settings.LANGUAGE_CODE
