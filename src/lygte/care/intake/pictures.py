"""Pictures without what is hidden in them: read and written anew, so that only the pixels are left.

Where a phone was, when, which phone, a small earlier picture inside: all of that stands beside the pixels. What cannot be
written anew is kept as it came, sealed, and never shown. Nothing is written to disk here, and memory has bounds.
"""

from __future__ import annotations

import io
import logging
import threading
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from lygte.core.problems import Problem

# It would tell the log what stands hidden in a picture, word for word.
logging.getLogger("PIL").setLevel(logging.WARNING)

Bytes = bytes | memoryview

MOST_PIXELS = 40_000_000  # 120 MB while it is written anew
BOMB = 400  # pixels for one byte: a photograph has fewer than 50
SMALL = 2_000_000  # pixels that harm nobody, however small the file
FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "WEBP": "WEBP"}
MODES = {"JPEG": ("RGB", "L"), "PNG": ("RGB", "RGBA", "L", "LA"), "WEBP": ("RGB", "RGBA")}
_few_at_once = threading.BoundedSemaphore(2)

# Beginnings of recordings and lists, by what they are; (offset, bytes).
RECORDINGS = (
    (0, b"OggS"), (0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf1"), (0, b"\xff\xf9"), (0, b"RIFF"),
    (0, b"\x1aE\xdf\xa3"), (0, b"#!AMR"), (0, b"fLaC"),
)  # fmt: skip
MOVIES = (b"isom", b"mp41", b"mp42", b"M4A ", b"M4V ", b"3gp4", b"3gp5", b"3gp6", b"qt  ", b"avc1", b"iso2", b"iso5")


@dataclass(frozen=True)
class Cleaned:
    """A file as it may be shown; `reason` says why not, where it may not."""

    content: bytes
    reason: str = ""

    @property
    def quarantined(self) -> bool:
        return bool(self.reason)


def cleaned(name: str, content: Bytes) -> Cleaned:
    """Return a file without hidden data, or as it came and quarantined. Raises Problem 413.481 for a bomb."""
    data = bytes(content)
    if _is_recording(data) or _is_list(name, data):
        return Cleaned(data)
    with _few_at_once:
        try:
            return _written_anew(name, data)
        except Problem:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Problem("413.481", name=name[:80]) from None
        except UnidentifiedImageError:
            return Cleaned(data, "format")
        except Exception:  # whatever a strange picture brings about: it is kept, and not shown
            return Cleaned(data, "damaged")


def _written_anew(name: str, data: bytes) -> Cleaned:
    with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as picture:
        kind, pixels = FORMATS[str(picture.format)], picture.width * picture.height
        if pixels > SMALL and pixels > BOMB * len(data):
            raise Problem("413.481", name=name[:80])
        if pixels > MOST_PIXELS:
            return Cleaned(data, "large")
        picture.load()
        bare = _in_plain_colours(ImageOps.exif_transpose(picture))
    if bare.mode not in MODES[kind]:
        bare = bare.convert("RGBA" if kind != "JPEG" and bare.has_transparency_data else "RGB")
    bare.info = {}
    out = io.BytesIO()
    bare.save(out, kind, **({} if kind == "PNG" else {"quality": 90}))
    return Cleaned(out.getvalue())


def _in_plain_colours(picture: Image.Image) -> Image.Image:
    """Return the picture in sRGB: its profile is dropped, and colours would change otherwise."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA"):
        return picture
    try:
        turned = ImageCms.profileToProfile(picture, io.BytesIO(profile), ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return picture
    return turned if turned is not None else picture


def _is_recording(data: bytes) -> bool:
    if data[:4] == b"RIFF":
        return data[8:12] in (b"WAVE", b"AVI ")
    return data[4:12] in {b"ftyp" + brand for brand in MOVIES} or any(
        data[at : at + len(start)] == start for at, start in RECORDINGS if start != b"RIFF"
    )


def _is_list(name: str, data: bytes) -> bool:
    """Tell whether it is a table of text, such as the record that phones keep of how a form was filled in."""
    if not name.lower().endswith((".csv", ".txt")) or b"\0" in data[:4096]:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
