"""The doorway before Django: slow senders hold no thread and are let go, and nothing cut off or endless gets in."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from lygte.cli.operate import server_command
from lygte.site import doorway
from lygte.site.doorway import Doorway, environ_of
from tests.care.intake.test_live import free_port, wait_for
from tests.cli.test_commands import environment_of, lygte

THREADS, SLOW = 2, 9


class Headers:
    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs

    def items(self) -> list[tuple[str, str]]:
        return self.pairs


def scope_of(*headers: tuple[str, str], method: str = "POST", path: str = "/") -> Any:
    return SimpleNamespace(
        method=method, path=path, query_string="a=%C3%A5", server="[::1]:8000", client="127.0.0.1:40000", scheme="http",
        http_version="1.1", authority=None, headers=Headers([("host", "localhost"), *headers]),
    )  # fmt: skip


class Protocol:
    """What granian gives: pieces of a body, and a place for the answer. A piece that is a number is a pause."""

    def __init__(self, *pieces: bytes | float) -> None:
        self.pieces = list(pieces)
        self.status, self.headers, self.content = 0, [], b""  # type: ignore[var-annotated]

    def __aiter__(self) -> Protocol:
        return self

    async def __anext__(self) -> bytes:
        while self.pieces:
            piece = self.pieces.pop(0)
            if isinstance(piece, bytes):
                return piece
            await asyncio.sleep(piece)
        raise StopAsyncIteration

    def response_bytes(self, status: int, headers: Any, content: bytes) -> None:
        self.status, self.headers, self.content = status, headers, content

    def response_empty(self, status: int, headers: Any) -> None:
        self.status, self.headers = status, headers

    def response_stream(self, status: int, headers: Any) -> Protocol:
        self.status, self.headers = status, headers
        return self

    async def send_bytes(self, piece: bytes) -> None:
        self.content += piece
        await asyncio.sleep(self.takes)

    takes = 0.0  # seconds until the reader has taken a piece


class Echo(list[bytes]):
    """A WSGI answer that can be closed."""

    closed = 0

    def close(self) -> None:
        Echo.closed += 1


def echo(environ: dict[str, Any], start_response: Any) -> Echo:
    start_response("200 OK", [("X-Length", environ.get("CONTENT_LENGTH", ""))])
    return Echo([environ["REQUEST_METHOD"].encode(), environ["wsgi.input"].read()])


def sent(*pieces: bytes | float, headers: tuple[tuple[str, str], ...] = (), door: Doorway | None = None) -> Protocol:
    """Send a body to a doorway, in a thread of its own: the browser of other tests keeps a loop in this one."""
    protocol = Protocol(*pieces)
    with ThreadPoolExecutor(1) as own:
        own.submit(asyncio.run, (door or Doorway(echo)).__rsgi__(scope_of(*headers), protocol)).result()
    return protocol


CHUNKED = (("transfer-encoding", "chunked"),)


def test_a_body_reaches_django_whole_with_its_length() -> None:
    closed = Echo.closed
    for headers in (CHUNKED, (("content-length", "6"),)):
        answer = sent(b"abc", b"def", headers=headers)
        assert (answer.status, answer.content) == (200, b"POSTabcdef")
        assert answer.headers == [("X-Length", "6")]
    assert Echo.closed == closed + 2


def test_a_body_too_slow_is_told_so_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorway, "SECONDS", 0.05)
    answer = sent(b"abc", 5.0, b"def", headers=(*CHUNKED, ("accept-language", "xx, en;q=0.5")))
    assert answer.status == 408 and answer.content.startswith(b"408.1: Your request came too slowly")
    assert ("Connection", "close") in answer.headers


def test_what_keeps_coming_may_take_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorway, "SECONDS", 0.05)
    monkeypatch.setattr(doorway, "RATE", 0.1)  # ten seconds for each byte
    assert sent(b"abc", 0.2, b"def", headers=CHUNKED).status == 200


@pytest.mark.parametrize("pieces", [(b"abc",), (b"abc", b"defg"), ()])
def test_a_body_that_is_not_as_long_as_announced_goes_no_further(pieces: tuple[bytes, ...]) -> None:
    answer = sent(*pieces, headers=(("content-length", "6"),))
    assert answer.status == 400 and answer.content.startswith(b"400.1")


def test_an_endless_body_and_too_many_at_once_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorway, "LARGEST_BODY", 5)
    door = Doorway(echo)
    assert sent(b"abc", b"def", headers=CHUNKED, door=door).status == 413
    assert sent(b"abc", headers=CHUNKED, door=door).status == 200
    door.held = doorway.MOST_HELD
    assert sent(b"abc", headers=CHUNKED, door=door).status == 503
    door.held, door.bodies = 0, doorway.MOST_BODIES
    assert sent(b"abc", headers=CHUNKED, door=door).status == 503
    door.bodies = 0
    assert (door.held, door.bodies) == (0, 0)


def test_what_was_refused_makes_room_again(monkeypatch: pytest.MonkeyPatch) -> None:
    door = Doorway(echo)
    monkeypatch.setattr(doorway, "SECONDS", 0.02)
    assert sent(b"abc", 5.0, headers=CHUNKED, door=door).status == 408
    assert sent(b"abc", headers=CHUNKED, door=door).status == 200
    assert (door.held, door.bodies) == (0, 0)


# Answers that flow ----------------------------------------------------------------------------------------------------
class Flow:
    """A WSGI answer whose pieces are made one after the other, as Django's streaming answers are."""

    streaming = True

    def __init__(self, pieces: int = 3, fails_at: int | None = None) -> None:
        self.pieces, self.fails_at = pieces, fails_at
        self.made, self.closed = 0, 0
        self.threads: set[int] = set()

    def __iter__(self) -> Iterator[bytes]:
        for number in range(self.pieces):
            if number == self.fails_at:
                raise RuntimeError("planted")
            self.made += 1
            self.threads.add(threading.get_ident())
            yield b"" if number == 1 else b"piece "

    def close(self) -> None:
        self.closed += 1
        self.threads.add(threading.get_ident())


def flowing(flow: Flow, *headers: tuple[str, str]) -> Doorway:
    def answer(environ: dict[str, Any], start_response: Any) -> Flow:
        start_response("200 OK", list(headers))
        return flow

    return Doorway(answer)


def test_a_large_answer_leaves_piece_by_piece_from_one_thread_of_its_own() -> None:
    flow = Flow(5)
    answer = sent(door=flowing(flow))
    assert (answer.status, answer.content) == (200, b"piece " * 4)  # an empty piece would end it
    assert flow.closed == 1 and len(flow.threads) == 1 and threading.get_ident() not in flow.threads


def test_an_answer_that_has_a_length_is_sent_whole() -> None:
    flow = Flow(3)
    assert sent(door=flowing(flow, ("Content-Length", "12"))).content == b"piece piece "
    assert flow.closed == 1


def test_who_takes_nothing_is_let_go_and_nothing_more_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorway, "SECONDS", 0.02)
    monkeypatch.setattr(Protocol, "takes", 5.0)
    flow = Flow(1000)
    door = flowing(flow)
    sent(door=door)
    assert flow.made == 1 and flow.closed == 1 and door.flows == 0


def test_too_many_at_once_are_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    flow = Flow(3)
    door = flowing(flow)
    door.flows = doorway.MOST_FLOWS
    answer = sent(door=door)
    assert answer.status == 503 and answer.content.startswith(b"503.11")
    assert flow.made == 0 and flow.closed == 1 and door.flows == doorway.MOST_FLOWS


def test_an_answer_that_breaks_on_the_way_is_closed_and_gives_its_place_back() -> None:
    flow = Flow(3, fails_at=2)
    door = flowing(flow)
    with pytest.raises(RuntimeError, match="planted"):
        sent(door=door)
    assert flow.closed == 1 and door.flows == 0


def test_django_is_told_what_was_asked_and_no_header_passes_for_another() -> None:
    environ = environ_of(
        scope_of(
            ("cookie", "a=1"), ("cookie", "b=2"), ("accept", "x"), ("accept", "y"), ("content-type", "text/xml"),
            ("x_forwarded_proto", "https"), path="/blå bær",
        )
    )  # fmt: skip
    assert environ["HTTP_COOKIE"] == "a=1; b=2" and environ["HTTP_ACCEPT"] == "x,y"
    assert "HTTP_X_FORWARDED_PROTO" not in environ and environ["CONTENT_TYPE"] == "text/xml"
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/blå bær"
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"], environ["REMOTE_ADDR"]) == ("::1", "8000", "127.0.0.1")


# With a real server ---------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("doorway")
    assert lygte(path, "migrate").returncode == 0
    return path


@contextlib.contextmanager
def serving(folder: Path, seconds: str) -> Iterator[int]:
    port = free_port()
    environment = environment_of(folder) | {"LYGTE_BODY_SECONDS": seconds}
    process = subprocess.Popen(server_command("127.0.0.1", port, threads=THREADS), env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}")
        yield port
    finally:
        process.terminate()
        process.wait(20)


def slow_sender(port: int, stop: threading.Event | None) -> socket.socket:
    """Open a request whose body never ends; with `stop`, it drips on in a thread of its own."""
    sender = socket.create_connection(("127.0.0.1", port), timeout=30)
    sender.sendall(
        b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrf="
        + b"a" * 32
        + b"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9999\r\n\r\nx"
    )

    def drip() -> None:
        with contextlib.suppress(OSError):
            while stop and not stop.wait(0.1):
                sender.sendall(b"x")

    if stop:
        threading.Thread(target=drip, daemon=True).start()
    return sender


def test_more_slow_senders_than_threads_keep_nobody_waiting(folder: Path) -> None:
    stop = threading.Event()
    with serving(folder, seconds="600") as port, ExitStack() as stack:
        stack.callback(stop.set)
        for number in range(SLOW):
            stack.enter_context(slow_sender(port, stop if number % 2 else None))
        for _ in range(20):
            assert httpx.get(f"http://127.0.0.1:{port}/account/login/", timeout=30).status_code == 200


def test_a_slow_sender_is_told_and_let_go(folder: Path) -> None:
    stop = threading.Event()
    with serving(folder, seconds="0.5") as port, ExitStack() as stack:
        stack.callback(stop.set)
        for dripping in (None, stop):
            sender = stack.enter_context(slow_sender(port, dripping))
            answer = b""
            with contextlib.suppress(ConnectionResetError):  # it went on sending
                while piece := sender.recv(4096):
                    answer += piece
            assert answer.startswith(b"HTTP/1.1 408") and b"408.1: Your request" in answer
