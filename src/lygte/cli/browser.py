"""Finding a Chromium for the tests: the system's, else one from Debian's packages, else one from npm."""

from __future__ import annotations

import os
import shutil
import subprocess

from .common import ROOT, errors

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _present() -> str | None:
    given = os.environ.get("LYGTE_CHROMIUM")
    return given or next((path for name in NAMES if (path := shutil.which(name))), None)


def find_chromium() -> str:
    """Return the path of a Chromium, installing one if there is none; exits with advice if that fails."""
    if found := _present():
        return found
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        errors.print("  Installing Chromium (Debian's package) …")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update", "-q"], **quiet)  # type: ignore[call-overload]
        subprocess.run(["apt-get", "install", "-y", "-q", "chromium"], **quiet)  # type: ignore[call-overload]
        if found := _present():
            return found
    return _from_npm()


def _from_npm() -> str:
    """Unpack the Chromium that the npm package @sparticuz/chromium carries."""
    home = ROOT / ".cache" / "chromium"
    home.mkdir(parents=True, exist_ok=True)
    errors.print("  Fetching Chromium (npm) …")
    npm = os.environ.get("LYGTE_NPM", shutil.which("npm") or "").split(os.pathsep)
    if not npm[0]:
        raise SystemExit("lygte: no Chromium and no npm.\n       Install Chromium, or set LYGTE_CHROMIUM to one.")
    subprocess.run([*npm, "install", "--no-audit", "--no-fund", "--prefix", home, "@sparticuz/chromium"], check=True)
    script = "import c from '@sparticuz/chromium'; console.log(await c.executablePath())"
    done = subprocess.run(
        [shutil.which("node") or "node", "--input-type=module", "-e", script],
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip().splitlines()[-1]
