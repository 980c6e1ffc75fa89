"""Random references for URLs and papers: 128 bits, never serial, so that nobody can guess or count records."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from django.db import models

LENGTH = 26


def new_ref() -> str:
    """Return 128 random bits as 26 lower-case base32 characters."""
    return base64.b32encode(secrets.token_bytes(16)).decode("ascii").rstrip("=").lower()


class RefField(models.CharField):
    """A unique random reference, made once and never edited."""

    def __init__(self, **options: Any) -> None:
        options.update(max_length=LENGTH, unique=True, default=new_ref, editable=False)
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for key in ("max_length", "unique", "default", "editable"):
            kwargs.pop(key, None)
        return name, path, args, kwargs


class RefConverter:
    """Path converter `<ref:ref>`."""

    regex = "[a-z2-7]{26}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
