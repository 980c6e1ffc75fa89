"""Serves the app on the phone as it was built: at its own address, under a policy of its own, to anybody.

Nothing in these files is secret, and nothing of what a worker does in the app comes here.
"""

from __future__ import annotations

import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lygte.core.access import public

BUILT = Path(__file__).parent / "built" / "field"
POLICY: dict[str, Any] = {
    "default-src": [NONE],
    "script-src": [SELF, "'wasm-unsafe-eval'"],  # the ciphers are WebAssembly
    "style-src": [SELF],
    "img-src": [SELF, "blob:", "data:"],
    "media-src": [SELF, "blob:"],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "worker-src": [SELF],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
}
FOR_EVER = "public, max-age=31536000, immutable"  # names below assets/ change with their content

# Neutral names and icons: whoever holds the phone does not see what it is for. `field/src/shell/guise.ts` has the same.
NAMES = {
    "notes": gettext_lazy("Notes"),
    "lists": gettext_lazy("Lists"),
    "weather": gettext_lazy("Weather"),
    "steps": gettext_lazy("Steps"),
}
ICONS = ("note", "list", "cloud", "leaf")


@require_safe
@public
@csp(POLICY)
def field_app(request: HttpRequest, name: str = "index.html") -> HttpResponse:
    """Return a file of the app; the page itself at the address without a name."""
    found = _file(name)
    if found is None:
        raise Http404
    content, kind = found
    response = HttpResponse(content, content_type=kind)
    response["Cache-Control"] = FOR_EVER if name.startswith("assets/") else "no-cache"
    response["Permissions-Policy"] = "camera=(self), microphone=(self), geolocation=(self), interest-cohort=()"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@public
@csp(POLICY)
def field_manifest(request: HttpRequest) -> HttpResponse:
    """Return what the phone needs to install the app, under the name and icon that the worker chose."""
    name = NAMES.get(request.GET.get("name", ""), NAMES["notes"])
    icon = request.GET.get("icon", "")
    drawing = icon if icon in ICONS else ICONS[0]
    manifest = {
        "id": "/field/",
        "start_url": "/field/",
        "scope": "/field/",
        "display": "standalone",
        "name": str(name),
        "short_name": str(name),
        "description": _("Lists and notes."),
        "background_color": "#fbf9f5",
        "theme_color": "#fbf9f5",
        "icons": [
            {"src": f"/field/icons/{drawing}.svg", "sizes": "any", "type": "image/svg+xml"},
            {"src": f"/field/icons/{drawing}-192.png", "sizes": "192x192", "type": "image/png"},
            {"src": f"/field/icons/{drawing}-512.png", "sizes": "512x512", "type": "image/png"},
        ],
    }
    response = JsonResponse(manifest, content_type="application/manifest+json")
    response["Cache-Control"] = "no-cache"
    return response


def _file(name: str) -> tuple[bytes, str] | None:
    """Return content and kind of a built file, or nothing; a name never leads out of the folder."""
    path = (BUILT / name).resolve()
    if not path.is_relative_to(BUILT.resolve()) or not path.is_file() or path.name.startswith((".", "lygte-stamp")):
        return None
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> tuple[bytes, str]:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return path.read_bytes(), "text/javascript" if path.suffix == ".js" else kind
