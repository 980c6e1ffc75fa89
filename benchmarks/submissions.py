"""How many filled forms a server takes in: real POSTs of distinct forms over eight connections, in each way to log in.

Each is checked against its form, stored, made a visit, counted as facts and noted in the log before it is answered. Then
forms with one photo each, of the grade that forms have which declare none: the photo is read, cleaned of what is hidden
in it, written anew and sealed with the answers before it is answered.
"""

from __future__ import annotations

import http.client
import io
import itertools
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from PIL import Image

from .logging_in import LOGINS, Login
from .pages import milliseconds
from .server import HOST, Running, postgresql_processor_seconds

CONNECTIONS, WARM_UP, SECONDS = 8, 80, 15.0
BOUNDARY = "lygte-benchmark"
INSTANCE_ID = re.compile(r"uuid:[0-9a-f-]{36}")


PHOTO_MEGABYTES = 1.4
PHOTO_FORM = """\
| survey |
|        | type    | name   | label           |
|        | integer | people | How many people |
|        | image   | photo  | Photo           |
| settings |
|        | form_title           | form_id | version |
|        | Photo (for measuring) | photo   | 1       |
"""

Bodies = Callable[[], bytes]


def letters_of(letters: list[str]) -> Bodies:
    """Return what makes the body of a POST: the same answers under a new id each time."""
    pile = itertools.cycle(letters)

    def body() -> bytes:
        xml = INSTANCE_ID.sub(f"uuid:{uuid.uuid4()}", next(pile), count=1)
        return b"".join([*_part("xml_submission_file", "submission.xml", "text/xml", xml.encode()), _end()])

    return body


def photos_of(photo: bytes) -> Bodies:
    """Return what makes the body of a form with one photo."""

    def body() -> bytes:
        xml = (
            '<data xmlns:orx="http://openrosa.org/xforms" id="photo" version="1"><people>3</people><photo>a.jpg</photo>'
            f"<orx:meta><orx:instanceID>uuid:{uuid.uuid4()}</orx:instanceID></orx:meta></data>"
        ).encode()
        parts = [
            *_part("xml_submission_file", "submission.xml", "text/xml", xml),
            *_part("a.jpg", "a.jpg", "image/jpeg", photo),
        ]
        return b"".join([*parts, _end()])

    return body


def photograph(megabytes: float = PHOTO_MEGABYTES) -> bytes:
    """Return twelve million pixels as a phone writes them: big shapes, fine grain, about so many megabytes."""
    random = np.random.default_rng(1)
    shapes = Image.fromarray(random.integers(0, 255, (48, 64, 3), dtype=np.uint8), "RGB")
    picture = np.asarray(shapes.resize((4032, 3024), Image.Resampling.BICUBIC)).astype(np.int16)
    grain = random.normal(0, 6, (3024, 4032, 1)).astype(np.int16)
    grained = Image.fromarray(np.clip(picture + grain, 0, 255).astype(np.uint8), "RGB")
    written = [_written(grained, quality) for quality in range(30, 95, 4)]
    return min(written, key=lambda one: abs(len(one) - megabytes * 1_000_000))


def _written(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _part(name: str, filename: str, kind: str, content: bytes) -> Iterator[bytes]:
    yield (
        f"--{BOUNDARY}\r\n"
        f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        f"Content-Type: {kind}\r\n\r\n"
    ).encode()
    yield content
    yield b"\r\n"


def _end() -> bytes:
    return f"--{BOUNDARY}--\r\n".encode()


class Phones:
    """Eight senders that share one pile of filled forms and one phone's login."""

    def __init__(self, port: int, login: type[Login], secrets: dict[str, str], bodies: Bodies) -> None:
        self.port, self.login, self.secrets = port, login, secrets
        self.bodies = bodies
        self.lock = threading.Lock()
        self.seconds: list[float] = []
        self.wrong: list[int] = []

    def send(self, *, count: int | None = None, until: float | None = None) -> float:
        """Send so many forms, or until a moment; return how long it took."""
        left = itertools.repeat(None) if count is None else itertools.repeat(None, count)
        start = time.perf_counter()
        threads = [threading.Thread(target=self._one, args=(left, until)) for _n in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - start

    def _one(self, left: Any, until: float | None) -> None:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        login = self.login(connection, self.secrets)
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "X-OpenRosa-Version": "1.0"}
        while until is None or time.perf_counter() < until:
            with self.lock:
                if next(left, self) is self:
                    break
                body = self.bodies()
            start = time.perf_counter()
            connection.request("POST", login.path, body, {**headers, **login.headers()})
            response = connection.getresponse()
            response.read()
            seconds = time.perf_counter() - start
            with self.lock:
                self.seconds.append(seconds)
                if response.status != 201:
                    self.wrong.append(response.status)
        connection.close()


def measure_submissions(
    server: Running, secrets: dict[str, str], letters: list[str], *, postgresql: bool
) -> dict[str, Any]:
    """Send for a while after a short warm-up, in each way to log in, then with photos; anything but 201 is an error."""
    forms = letters_of(letters)
    found: dict[str, Any] = {
        name: _measured(server, Phones(server.port, login, secrets, forms), postgresql, WARM_UP)
        for name, login in LOGINS.items()
    }
    photo = photograph()
    with_photo = Phones(server.port, LOGINS["token"], secrets, photos_of(photo))
    found["photo"] = {
        **_measured(server, with_photo, postgresql, CONNECTIONS),
        "megabytes": round(len(photo) / 1_000_000, 2),
    }
    return found


def _measured(server: Running, phones: Phones, postgresql: bool, warm_up: int) -> dict[str, Any]:
    phones.send(count=warm_up)
    warm, phones.seconds = len(phones.seconds), []
    server_before, database_before = server.processor_seconds(), postgresql_processor_seconds()
    took = phones.send(until=time.perf_counter() + SECONDS)
    server_cost = server.processor_seconds() - server_before
    database_cost = postgresql_processor_seconds() - database_before if postgresql else 0.0
    if phones.wrong:
        raise RuntimeError(f"{len(phones.wrong)} filled forms were not taken in, the first with {phones.wrong[0]}")
    stored = len(phones.seconds)
    return {
        "connections": CONNECTIONS,
        "workers": server.workers,
        "threads": server.threads,
        "sent": stored,
        "sent_in_all": stored + warm,
        "per_second": round(stored / took, 1),
        "per_server_cpu_second": round(stored / server_cost, 1),
        "per_cpu_second_with_database": round(stored / (server_cost + database_cost), 1),
        **milliseconds(phones.seconds, 50, 95, 99),
    }
