"""The code that sets up the phone app: ODK Collect's settings, packed as it reads them, drawn as SVG."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import segno
from django.utils.safestring import SafeString, mark_safe

PROJECT_COLOUR = "#0f5257"
SCALE, QUIET_ZONE = 4, 4


def settings_for_collect(*, server_url: str, project: str) -> dict[str, Any]:
    """Return settings for ODK Collect: forms fetched, sent and removed by themselves, nothing told to others."""
    return {
        "general": {
            "server_url": server_url,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
            "delete_send": True,
            "constraint_behavior": "on_finalize",
            "analytics": False,
        },
        "admin": {"change_server": False, "access_settings": False, "external_app_recording": False},
        "project": {"name": project[:60], "icon": "L", "color": PROJECT_COLOUR},
    }


def packed(settings: dict[str, Any]) -> str:
    return base64.b64encode(zlib.compress(json.dumps(settings).encode(), 9)).decode("ascii")


def qr_svg(text: str) -> SafeString:
    """Draw a code as an inline SVG without any style, dark on light in every theme, that shrinks on narrow screens."""
    code = segno.make(text, error="l", micro=False)
    width, height = code.symbol_size(scale=SCALE, border=QUIET_ZONE)
    svg = code.svg_inline(scale=SCALE, border=QUIET_ZONE, dark="#000", light="#fff", svgclass="ly-qr__code")
    sized = f'<svg width="{width}" height="{height}"'
    assert svg.startswith(sized)
    shrinking = f'<svg viewBox="0 0 {width} {height}" width="{width}"' + svg[len(sized) :]
    return mark_safe(shrinking)  # noqa: S308 - drawn by segno from modules; the text itself is not in it
