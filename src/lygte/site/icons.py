"""The few drawings of the look, as inline SVG paths: no icon font, no image request, one stroke width."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# Paths on a 24 x 24 grid, drawn as lines in the current text colour.
PATHS: dict[str, str] = {
    "today": "M12 3v2M5.6 5.6 7 7M18.4 5.6 17 7M3 13h2M19 13h2M8 13a4 4 0 0 1 8 0M3 18h18",
    "rounds": "M5 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM19 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM7 17h7a3.5 3.5 0 0 0 0-7h-4"
    "a3 3 0 0 1 0-6h6",
    "places": "M12 21s7-6 7-11a7 7 0 1 0-14 0c0 5 7 11 7 11ZM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
    "forms": "M6 3h9l4 4v14H6ZM15 3v4h4M9 12h7M9 16h7M9 8h2",
    "devices": "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM11 18h2",
    "submissions": "M4 13v6h16v-6M12 4v10M8 10l4 4 4-4",
    "screening": "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM20 20l-4.9-4.9",
    "cases": "M4 7h6l2 2h8v10H4ZM4 7V5h5",
    "directory": "M5 4h12a2 2 0 0 1 2 2v14H7a2 2 0 0 1-2-2ZM5 18a2 2 0 0 1 2-2h12M9 8h6",
    "programme": "M4 20V10M10 20V4M16 20v-7M21 20H3",
    "evidence": "M3 17l5-6 4 3 8-9M21 21H3V4",
    "voices": "M4 5h16v11H10l-4 4v-4H4ZM8 9h8M8 12h5",
    "people": "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6.3"
    "M18 14.5a6.5 6.5 0 0 1 3.5 5.5",
    "log": "M5 4h14v16H5ZM8 8h8M8 12h8M8 16h5",
    "organisations": "M4 20V8l8-5 8 5v12ZM9 20v-6h6v6",
    "security": "M12 3l7 3v5c0 5-3 8.5-7 10-4-1.5-7-5-7-10V6Z",
    "key": "M8 17a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM12.5 12.5H21v4M17 12.5V15",
    "leave": "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "plus": "M12 5v14M5 12h14",
    "close": "M6 6l12 12M18 6 6 18",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "info": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 11v5M12 7.5v.5",
    "warning": "M12 4 2.8 20h18.4ZM12 10v4.5M12 17v.5",
    "error": "M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3ZM12 7.5v5.5M12 16v.5",
    "copy": "M9 9h11v11H9ZM5 15H4V4h11v1",
    "download": "M12 4v11M8 11l4 4 4-4M5 20h14",
    "upload": "M12 16V5M8 9l4-4 4 4M5 20h14",
    "print": "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7Z",
    "next": "M9 5l7 7-7 7",
    "previous": "M15 5l-7 7 7 7",
    "globe": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
    "keyboard": "M3 7h18v10H3ZM7 11h.01M11 11h.01M15 11h.01M8 14h8",
}


def draw_icon(name: str, size: int = 20) -> SafeString:
    """An icon is decoration: the word beside it says the same, so it is hidden from screen readers."""
    return format_html(
        '<svg class="ly-icon" width="{0}" height="{0}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"'
        ' focusable="false"><path d="{1}"/></svg>',
        size,
        mark_safe(PATHS[name]),  # noqa: S308 - our own constant, never input
    )
