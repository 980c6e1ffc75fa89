"""The processes of a running demo: started together, watched, and stopped together, with nothing left behind."""

from __future__ import annotations

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

PATIENCE = 8.0  # seconds between asking a process to end and ending it
BOOT = 60.0  # seconds that a server may take to answer for the first time
LINUX_PARENT_DEATH_SIGNAL = 1


@dataclass(frozen=True)
class Child:
    """One process that was started here, leader of its own group."""

    name: str
    process: subprocess.Popen[bytes]

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None


def _end_with_parent() -> None:
    """Have the kernel end a child whose parent was killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(LINUX_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def start_child(name: str, command: Sequence[str]) -> Child:
    """Start a process in a group of its own, so that Ctrl-C reaches it only through us."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent,
    )
    return Child(name, process)


def stop_children(children: Sequence[Child]) -> None:
    """Ask every process to end, wait, and end by force what did not: a server may ignore the question at its start."""
    for child in children:
        _signal(child, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.0, deadline - time.monotonic()))
    for child in children:
        _signal(child, signal.SIGKILL)  # also what a child may have left of its own
        child.process.wait()


def _signal(child: Child, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, number)


def port_is_free(host: str, port: int) -> bool:
    """Tell whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def wait_until_it_answers(host: str, port: int, gone: Callable[[], bool], path: str = "/") -> bool:
    """Wait for the first answer of a server; False when it ended or took too long."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    deadline = time.monotonic() + BOOT
    while time.monotonic() < deadline and not gone():
        connection = http.client.HTTPConnection(near, port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": f"localhost:{port}"})
            if connection.getresponse().status < 500:
                return True
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        finally:
            connection.close()
    return False
