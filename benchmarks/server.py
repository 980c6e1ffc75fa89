"""A running server, and what it costs: processor time and memory of its whole process tree, read from /proc."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lygte.cli.operate import server_command
from lygte.demo.processes import Child, start_child, stop_children, wait_until_it_answers

TICKS = os.sysconf("SC_CLK_TCK")
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Running:
    """One server with the port it listens on."""

    child: Child
    port: int
    workers: int
    threads: int

    def processor_seconds(self) -> float:
        return sum(_processor_seconds(pid) for pid in group(self.child.process.pid))

    def memory(self) -> dict[str, int]:
        """Return megabytes: RSS counts shared pages in each process, PSS shares them out."""
        sums = {"processes": 0, "rss_mb": 0, "pss_mb": 0}
        for pid in group(self.child.process.pid):
            rolled = _rolled(pid)
            sums["processes"] += 1
            sums["rss_mb"] += rolled.get("Rss", 0)
            sums["pss_mb"] += rolled.get("Pss", 0)
        return {**sums, "rss_mb": sums["rss_mb"] // 1024, "pss_mb": sums["pss_mb"] // 1024}


def group(leader: int) -> list[int]:
    """Return the processes of a process group."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                fields = (path / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == leader:
                found.append(int(path.name))
    return found


def _processor_seconds(pid: int) -> float:
    """Return user and system time of a process and of its children that ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / TICKS


def _rolled(pid: int) -> dict[str, int]:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return {}
    return {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith("kB")}


def postgresql_processor_seconds() -> float:
    """Return the processor time of every PostgreSQL process on this machine."""
    total = 0.0
    for path in Path("/proc").iterdir():
        try:
            if path.name.isdigit() and (path / "comm").read_text().strip() == "postgres":
                total += _processor_seconds(int(path.name))
        except OSError:
            continue
    return total


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(environment: Mapping[str, str], *, workers: int, threads: int = 4) -> Iterator[Running]:
    """Start a server over a database and stop it at the end."""
    port = free_port()
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        child = start_child("server", server_command(HOST, port, workers, threads))
    finally:
        os.environ.clear()
        os.environ.update(before)
    try:
        if not wait_until_it_answers(HOST, port, lambda: child.ended):
            raise RuntimeError("the server did not start")
        yield Running(child, port, workers, threads)
    finally:
        stop_children([child])


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that was started in a group of its own, and wait for it."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
