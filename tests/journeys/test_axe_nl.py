"""Every page in Dutch; a file for each language, so that processes share the walks (see axe_walk.py)."""

from typing import Any

import pytest

from lygte.core.models import Member

from .axe_walk import walk_pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]


def test_no_page_shuts_anybody_out(open_page: Any, live_server: Any, everyone: dict[str, Member]) -> None:
    walk_pages("nl", open_page, live_server, everyone)
