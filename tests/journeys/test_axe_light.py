"""Every page by day; a file of its own, so that two processes share the walks (see axe_walk.py)."""

from typing import Any

import pytest

from lygte.core.models import Member

from .axe_walk import LANGUAGES, walk_pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_shuts_anybody_out(
    language: str, open_page: Any, live_server: Any, everyone: dict[str, Member]
) -> None:
    walk_pages(language, "light", open_page, live_server, everyone)
