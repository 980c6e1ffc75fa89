"""A process that forks one child for each order, and each child kills itself with signal 9 at the step it was told.

A step is a statement, a commit, or something that happens to a file of keys. Started by `test_killed.py`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

BATCH = 7


class Steps:
    """Counts what a child does, and kills it when the count is reached."""

    def __init__(self, die_at: int | None) -> None:
        self.count, self.die_at = 0, die_at

    def step(self) -> None:
        self.count += 1
        if self.count == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(self, do: Callable[..., Any]) -> Callable[..., Any]:
        def done(*args: Any, **kwargs: Any) -> Any:
            self.step()
            return do(*args, **kwargs)

        return done

    def statement(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.step()
        return execute(*args)


def watch(steps: Steps) -> None:
    from django.db import connection

    for name in ("fsync", "link", "unlink", "replace"):
        setattr(os, name, steps.before(getattr(os, name)))
    connection.ensure_connection()
    connection._commit = steps.before(connection._commit)
    connection.execute_wrappers.append(steps.statement)


def obey(order: dict[str, Any]) -> int:
    from lygte.core.models import Member
    from lygte.core.vault import keys, renewal, turning
    from lygte.core.vault.keyring import Keyring

    turning.BATCH = renewal.BATCH = BATCH
    member = Member.objects.get(pk=order["member"])
    member.keyring = Keyring(member, bytes.fromhex(order["private"]))
    steps = Steps(order["die_at"])
    watch(steps)
    if order["do"] == "turn":
        turning.turn_epoch()
    elif order["do"] == "renew":
        renewal.renew_organisation_key(member=member)
    else:
        keys.shut_out(member=member, other=Member.objects.get(pk=order["other"]))
    return steps.count


def child(order: dict[str, Any], tell: int) -> None:
    try:
        os.write(tell, str(obey(order)).encode())
    except BaseException as error:
        os.write(tell, f"failed: {error!r}".encode())
    os._exit(0)


def main() -> None:
    from django.conf import settings

    settings.DATABASES["default"].update(json.loads(os.environ["LYGTE_TEST_DATABASE"]))
    import django

    django.setup()
    from django_scopes import scopes_disabled

    import lygte.core.consent.gate
    import lygte.core.vault.renewal  # noqa: F401  (what a child needs is there before it is born)

    with scopes_disabled():
        for line in sys.stdin:
            hear, tell = os.pipe()
            born = os.fork()
            if not born:
                child(json.loads(line), tell)
            os.close(tell)
            _pid, status = os.waitpid(born, 0)
            with os.fdopen(hear) as said:
                told = said.read()
            print(json.dumps({"killed": os.WIFSIGNALED(status), "told": told}), flush=True)


if __name__ == "__main__":
    main()
