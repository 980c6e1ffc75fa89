"""The form in the hand, in a real browser, alone in a page: forms are written as tables and converted as the server does."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route
from pyxform.xls2xform import convert

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).parent
ORIGIN = "https://field.test/"
# What the app is served with: nothing but its own files, nothing inline, nothing from elsewhere.
POLICY = (
    "default-src 'none'; form-action 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob: data:; connect-src 'self'; worker-src 'self'"
)
PAGE = '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
PAGE += '<title>Form</title><link rel="stylesheet" href="look.css"><link rel="stylesheet" href="harness.css">'
PAGE += '<script type="module" src="harness.js"></script><script type="module" src="engine_alone.js"></script>'
PAGE += '</head><body><div id="app"></div></body></html>'


def node() -> str:
    words = os.environ.get("LYGTE_NPM", "").split(os.pathsep)
    found = words[0] if len(words) == 2 else shutil.which("node")
    assert found, "Node is needed: start the tests with ./lygte test, which fetches one"
    return found


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The form as browsers get it, in pieces: what is not needed for the first question is loaded later."""
    out = tmp_path_factory.mktemp("form")
    options = {
        "entryPoints": [str(HERE / "harness.ts"), str(HERE / "engine_alone.ts")],
        "bundle": True, "splitting": True, "minify": True, "format": "esm", "target": "es2022", "logLevel": "error",
        "outdir": str(out), "nodePaths": [str(ROOT / "field/node_modules")],
    }  # fmt: skip
    script = f"import * as esbuild from 'esbuild'; await esbuild.build({json.dumps(options)});"
    subprocess.run([node(), "--input-type=module", "-e", script], cwd=ROOT, check=True)
    look = "body { margin: 0 }\n" + (ROOT / "field/src/look.css").read_text()
    (out / "look.css").write_text(look)
    return out


def xform(text: str | Path) -> str:
    """An XForm made of a table in markdown, or of a workbook, by the converter that the server uses."""
    source: Any = text if isinstance(text, Path) else re.sub(r"^\s+", "", text, flags=re.M)
    return str(convert(source, validate=False, file_type=None if isinstance(text, Path) else ".md").xform)


TYPES = {"js": "text/javascript", "css": "text/css"}


class Hand:
    """A phone with the form in it."""

    def __init__(self, page: Page, errors: list[str], loaded: dict[str, int]) -> None:
        self.page, self.errors, self.loaded = page, errors, loaded
        self.taps = 0

    def open(
        self,
        form: str,
        media: dict[str, str] | None = None,
        language: str = "en",
        draft: bool = False,
        grid: float | None = None,
    ) -> Hand:
        """Open a form; with `draft`, the last draft that the host was told; positions rounded to squares of `grid`."""
        script = (
            "async ([form, media, language, draft, grid]) => "
            "{ await tests.open(form, media, language, draft ? tests.kept : undefined, grid) }"
        )
        self.page.evaluate(script, [form, media or {}, language, draft, grid])
        self.taps = 0
        return self

    def tap(self, name: str | re.Pattern[str], role: str = "button", exact: bool = True) -> None:
        self.taps += 1
        self.page.get_by_role(role, name=name, exact=exact).first.click()  # type: ignore[arg-type]

    def choose(self, text: str) -> None:
        """Tap the row of a choice."""
        self.taps += 1
        self.page.locator(".q-option label", has_text=re.compile(rf"^\s*{re.escape(text)}")).first.click()

    def question(self, path: str) -> Any:
        return self.page.locator(f'.q[data-name="{path}"]')

    def next(self) -> None:
        self.taps += 1
        self.page.locator(".q-next").click()

    def heading(self) -> str:
        return self.page.locator(".q-heading").inner_text()

    def finished(self) -> str:
        """The XML that the host was handed, once."""
        self.page.wait_for_timeout(50)
        done = self.page.evaluate("() => tests.told.finished.map((one) => one.instanceXml)")
        assert len(done) == 1, f"handed over {len(done)} times"
        return str(done[0])

    def to_review(self) -> None:
        self.tap("All answers")

    def send(self) -> str:
        self.next()
        return self.finished()


@pytest.fixture
def hand(browser: Browser, bundle: Path) -> Iterator[Callable[..., Hand]]:
    """Return a function that gives a phone of some width and look."""
    contexts: list[Any] = []

    def give(width: int = 360, theme: str = "light", **options: Any) -> Hand:
        context = browser.new_context(
            viewport={"width": width, "height": 720},
            color_scheme=theme,
            reduced_motion="reduce",
            has_touch=True,
            **options,
        )  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        errors: list[str] = []
        loaded: dict[str, int] = {}
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)

        def serve(route: Route) -> None:
            name = route.request.url.removeprefix(ORIGIN).split("?")[0]
            headers = {"Content-Security-Policy": POLICY}
            if name == "":
                return route.fulfill(body=PAGE, content_type="text/html", headers=headers)
            file = bundle / name
            if not file.exists():
                return route.fulfill(status=404, headers=headers)
            content = file.read_bytes()
            loaded[name] = len(gzip.compress(content, 9))
            return route.fulfill(body=content, content_type=TYPES[file.suffix[1:]], headers=headers)

        page.route(f"{ORIGIN}**", serve)
        page.goto(ORIGIN)
        return Hand(page, errors, loaded)

    yield give
    for context in contexts:
        context.close()
