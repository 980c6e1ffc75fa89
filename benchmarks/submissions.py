"""How many filled forms a server takes in: real POSTs of distinct forms over eight connections.

Each is checked against its form, stored, made a visit, counted as facts and noted in the log before it is answered.
"""

from __future__ import annotations

import http.client
import itertools
import re
import threading
import time
import uuid
from typing import Any

from .pages import milliseconds
from .server import HOST, Running, postgresql_processor_seconds

CONNECTIONS, WARM_UP, SECONDS = 8, 80, 15.0
BOUNDARY = "lygte-benchmark"
INSTANCE_ID = re.compile(r"uuid:[0-9a-f-]{36}")


def body_of(letter: str) -> bytes:
    """Return the body of a POST with the same answers under a new id."""
    xml = INSTANCE_ID.sub(f"uuid:{uuid.uuid4()}", letter, count=1)
    return (
        f"--{BOUNDARY}\r\n"
        'Content-Disposition: form-data; name="xml_submission_file"; filename="submission.xml"\r\n'
        f"Content-Type: text/xml\r\n\r\n{xml}\r\n--{BOUNDARY}--\r\n"
    ).encode()


class Phones:
    """Eight senders that share one pile of filled forms."""

    def __init__(self, port: int, path: str, letters: list[str]) -> None:
        self.port, self.path = port, f"{path}/submission"
        self.letters = itertools.cycle(letters)
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
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "X-OpenRosa-Version": "1.0"}
        while until is None or time.perf_counter() < until:
            with self.lock:
                if next(left, self) is self:
                    break
                body = body_of(next(self.letters))
            start = time.perf_counter()
            connection.request("POST", self.path, body, headers)
            response = connection.getresponse()
            response.read()
            seconds = time.perf_counter() - start
            with self.lock:
                self.seconds.append(seconds)
                if response.status != 201:
                    self.wrong.append(response.status)
        connection.close()


def measure_submissions(server: Running, path: str, letters: list[str], *, postgresql: bool) -> dict[str, Any]:
    """Send for a while after a short warm-up; anything but 201 is an error."""
    warm = Phones(server.port, path, letters)
    warm.send(count=WARM_UP)
    phones = Phones(server.port, path, letters)
    server_before, database_before = server.processor_seconds(), postgresql_processor_seconds()
    took = phones.send(until=time.perf_counter() + SECONDS)
    server_cost = server.processor_seconds() - server_before
    database_cost = postgresql_processor_seconds() - database_before if postgresql else 0.0
    if wrong := warm.wrong + phones.wrong:
        raise RuntimeError(f"{len(wrong)} filled forms were not taken in, the first with {wrong[0]}")
    stored = len(phones.seconds)
    return {
        "connections": CONNECTIONS,
        "workers": server.workers,
        "threads": server.threads,
        "sent": stored,
        "sent_in_all": stored + len(warm.seconds),
        "per_second": round(stored / took, 1),
        "per_server_cpu_second": round(stored / server_cost, 1),
        "per_cpu_second_with_database": round(stored / (server_cost + database_cost), 1),
        **milliseconds(phones.seconds, 50, 95, 99),
    }
