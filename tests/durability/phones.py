"""Eight phones on bad networks: acknowledgements that get lost, resends, split posts, connections that break half way.

They speak HTTP over plain sockets, since a proper client would not break off where these must. A phone believes a form
to be stored only when it has read a whole answer 201; until then it sends it again, as ODK Collect does.
"""

from __future__ import annotations

import base64
import hashlib
import os
import socket
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

BOUNDARY = "phone-of-the-test"
TIMEOUT = 60.0
RETRY = 0.05


@dataclass(frozen=True)
class Filled:
    """One filled form as it lies on a phone."""

    instance_id: str
    xml: bytes
    files: dict[str, bytes]


@dataclass
class Notes:
    """What all phones were told, kept outside of everything that is killed."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    forms: dict[str, str] = field(default_factory=dict)  # acknowledged whole: instance → SHA-256 of the XML
    files: dict[tuple[str, str], str] = field(default_factory=dict)  # acknowledged: (instance, file) → SHA-256
    answers: Counter[int] = field(default_factory=Counter)
    mishaps: Counter[str] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)  # answers that no phone should get


class Broken(Exception):
    """The network, or whoever was at its other end, went away."""


MISHAPS = ("cut in the body", "acknowledgement lost", "acknowledgement cut", "sent twice")
EXPECTED = {201, 503}


class Phone(threading.Thread):
    """One phone with its pile of forms, the network it has, and a way to log in."""

    def __init__(self, port: int, secrets: dict[str, str], pile: Iterator[Filled], notes: Notes, rng: Random) -> None:
        super().__init__(daemon=True)
        self.port, self.secrets, self.pile, self.notes, self.rng = port, secrets, pile, notes, rng

    def run(self) -> None:
        for form in self.pile:
            for number, (files, last) in enumerate(self._posts(form)):
                self._until_acknowledged(form, files, last, number)
            with self.notes.lock:
                self.notes.forms[form.instance_id] = hashlib.sha256(form.xml).hexdigest()

    def _posts(self, form: Filled) -> Iterator[tuple[dict[str, bytes], bool]]:
        """Yield what goes into each request: some phones split a form with several files."""
        names = sorted(form.files)
        if len(names) > 1 and self.rng.random() < 0.7:
            for name in names:
                yield {name: form.files[name]}, name == names[-1]
        else:
            yield form.files, True

    def _until_acknowledged(self, form: Filled, files: dict[str, bytes], last: bool, number: int) -> None:
        while True:
            mishap = self.rng.choice(MISHAPS) if self.rng.random() < 0.35 else ""
            try:
                status = self._send(form, files, last, mishap)
                if status == 201 and mishap == "sent twice":
                    status = self._send(form, files, last, "")
            except (Broken, OSError) as broken:
                with self.notes.lock:
                    self.notes.mishaps[mishap if isinstance(broken, Broken) and mishap else "connection lost"] += 1
                time.sleep(RETRY * self.rng.random())
                continue
            with self.notes.lock:
                self.notes.answers[status] += 1
                self.notes.mishaps[mishap or "none"] += 1
            if status == 201:
                with self.notes.lock:
                    for name, content in files.items():
                        self.notes.files[form.instance_id, name] = hashlib.sha256(content).hexdigest()
                return
            time.sleep(RETRY)

    def _send(self, form: Filled, files: dict[str, bytes], last: bool, mishap: str) -> int:
        """Send once over a new connection; raise Broken where the network breaks off."""
        body = body_of(form.xml, files, incomplete=not last)
        chunked = self.rng.random() < 0.3
        request = self._head(len(body), chunked) + (_chunks(body) if chunked else body)
        with socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT) as link:
            if mishap == "cut in the body":
                link.sendall(request[: self.rng.randrange(1, len(request))])
                raise Broken
            link.sendall(request)
            if mishap == "acknowledgement lost":
                if self.rng.random() < 0.5:
                    link.recv(1)  # it was stored by then, and only the phone does not know
                raise Broken
            answer = _read(link, cut=mishap == "acknowledgement cut")
        status = int(answer.split(b" ", 2)[1])
        if status not in EXPECTED:
            with self.notes.lock:
                self.notes.odd.append(f"{status}: {answer[-600:]!r}")
        return status

    def _head(self, size: int, chunked: bool) -> bytes:
        if self.rng.random() < 0.5:
            path, login = f"/-/{self.secrets['token']}/submission", ""
        else:
            pair = f"{self.secrets['username']}:{self.secrets['password']}".encode()
            path, login = "/openrosa/submission", f"Authorization: Basic {base64.b64encode(pair).decode()}\r\n"
        length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}"
        return (
            f"POST {path}?deviceID=test HTTP/1.1\r\nHost: localhost:{self.port}\r\nX-OpenRosa-Version: 1.0\r\n"
            f"{login}Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n{length}\r\nConnection: close\r\n\r\n"
        ).encode()


def body_of(xml: bytes, files: dict[str, bytes], *, incomplete: bool) -> bytes:
    parts: list[tuple[str, str, bytes]] = [("xml_submission_file", "submission.xml", xml)]
    parts += [(name, name, content) for name, content in files.items()]
    body = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name, filename, content in parts
    )
    if incomplete:
        body += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="*isIncomplete*"\r\n\r\nyes\r\n'.encode()
    return body + f"--{BOUNDARY}--\r\n".encode()


def _chunks(body: bytes, size: int = 16_000) -> bytes:
    pieces = (body[place : place + size] for place in range(0, len(body), size))
    return b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces) + b"0\r\n\r\n"


def _read(link: socket.socket, *, cut: bool) -> bytes:
    """Read an answer to its end, or raise Broken where it ends too early."""
    answer = b""
    while more := link.recv(9 if cut else 65_536):
        answer += more
        if cut:
            raise Broken
    head, found, rest = answer.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    if not found or not lengths or len(rest) != int(lengths[0]):
        raise Broken
    return answer


def pile_of(count: int, place: str, version: str, day: str, rng: Random) -> Iterator[Filled]:
    """Make forms as they are wanted: half of them visits, the others with up to three pictures."""
    for number in range(count):
        instance_id = f"uuid:{uuid.uuid4()}"
        meta = f"<orx:meta><orx:instanceID>{instance_id}</orx:instanceID></orx:meta></data>"
        orx = 'xmlns:orx="http://openrosa.org/xforms"'
        if number % 2:
            about = f"<about><place>{place}</place><day>{day}</day><outcome>closed</outcome></about>"
            xml = f'<data {orx} id="lygte_visit" version="{version}">{about}{meta}'
            yield Filled(instance_id, xml.encode(), {})
            continue
        files = {f"p{n}.jpg": os.urandom(rng.randrange(200, 40_000)) for n in range(rng.randrange(4))}
        photos = "".join(f"<item><photo>{name}</photo></item>" for name in files)
        xml = f'<data {orx} id="pictures" version="1"><people>{number}</people>{photos}{meta}'
        yield Filled(instance_id, xml.encode(), files)


class Shared:
    """One pile for all phones."""

    def __init__(self, forms: Iterator[Filled]) -> None:
        self.forms, self.lock = forms, threading.Lock()

    def __iter__(self) -> Iterator[Filled]:
        return self

    def __next__(self) -> Filled:
        with self.lock:
            return next(self.forms)
