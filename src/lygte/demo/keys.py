"""The keys of the demo: organisations that help get theirs when the world is made, each held by two who can sign in.

The one password of the demo opens them all. The folder of keys is marked as the demo's own, so that starting over
removes it, and never the keys of somebody who relies on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from lygte.core.access import Verb, may
from lygte.core.models import Member, Role
from lygte.core.vault.keyring import Keyring, open_keyring
from lygte.core.vault.keys import LEAST_HOLDERS, let_in, make_member_key, set_up

from .cast import PASSWORD

OWN = "demo"  # an empty file in the folder of keys: it is a demo's
KEYS = re.compile(r"\.?(epoch-\d+|pepper|destroyed|host\.public)(\.\w+)?")


def give_keys(members: Iterable[Member]) -> None:
    """Set up the locked part of one organisation for those of its members who can sign in; leave their keyrings open."""
    able = [one for one in members if one.user.has_usable_password() and may(one, Verb.KEY_MAKE)]
    first = next((one for one in able if one.role == Role.COORDINATOR), None)
    if first is None or len(able) < LEAST_HOLDERS:
        return
    first.keyring = set_up(member=first, passphrase=PASSWORD).keyring  # type: ignore[attr-defined]
    for other in able:
        if other is not first:
            other.keyring = make_member_key(member=other, passphrase=PASSWORD)  # type: ignore[attr-defined]
            let_in(member=first, other=other)


def open_keyrings(members: Iterable[Member]) -> dict[str, Keyring]:
    """Open the keys of demo members, hang each on its member as `keyring`, and return them by the member's reference."""
    opened = {}
    for member in members:
        if getattr(member, "keyring", None) is None:
            member.keyring = open_keyring(member, PASSWORD)  # type: ignore[attr-defined]
        opened[member.ref] = member.keyring  # type: ignore[attr-defined]
    return opened


# The folder of keys ----------------------------------------------------------------------------------------------------
def _folder() -> Path:
    return Path(settings.LYGTE_KEYS_DIR)


def mark_folder() -> None:
    """Mark the folder of keys as the demo's own, if there was nothing in it before."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        (folder / OWN).touch(mode=0o600)


def remove_folder() -> None:
    """Remove the keys of a demo that is thrown away; a folder without its mark is somebody's, and stays."""
    folder = _folder()
    if not (folder / OWN).is_file() or folder.is_symlink():
        return
    for path in folder.iterdir():
        if path.is_file() and KEYS.fullmatch(path.name):
            path.unlink()
    if [path.name for path in folder.iterdir()] == [OWN]:
        (folder / OWN).unlink()
        folder.rmdir()
