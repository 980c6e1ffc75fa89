"""The product, in which nobody's passphrase is stretched unless somebody else's is being stretched at the same moment.

If signing in stood in one line anywhere before this point, the first would wait here for a second that never comes.
"""

from __future__ import annotations

import os
import threading
from typing import Any

from nacl import pwhash

from lygte.site.rsgi import application  # isort: skip (before anything that needs Django's registry)
from lygte.core.vault import ciphers, keyring

_two = threading.Barrier(2, timeout=float(os.environ["CROWD_WAITS"]))
_kdf = pwhash.argon2id.kdf


def _two_at_once(*arguments: Any, **more: Any) -> bytes:
    _two.wait()
    return bytes(_kdf(*arguments, **more))


pwhash.argon2id.kdf = _two_at_once

if os.environ.get("CROWD_FAULT"):  # what must not be: one lock for everybody
    _one = threading.Lock()
    _stretch = ciphers.stretch

    def _in_line(*arguments: Any) -> bytes:
        with _one:
            return _stretch(*arguments)

    keyring.ciphers.stretch = _in_line  # type: ignore[attr-defined]

__all__ = ["application"]
