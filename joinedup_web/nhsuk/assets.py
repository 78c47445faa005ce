"""The design system's CSS, JavaScript and icons, fetched by npm at set-up and copied without their outside addresses.

They are not part of the repository. Without Node the workspace serves plain pages, and set-up says so.
"""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import sys
from pathlib import Path

from joinedup_web.nhsuk.mirroring import logical

VENDOR = Path(__file__).with_name("vendor")
FONTS = re.compile(r"@font-face\s*\{[^}]*\}")
OWN = "/static/nhsuk/assets/"
ICONS = re.compile(r"url\(/assets/")
MAPS = re.compile(r"(/\*#|//#) sourceMappingURL=[^\n]*")
OUTSIDE = re.compile(r"https?://(?!www\.w3\.org/)[^\s\"'`)]*")
LOGICAL = "nhsuk-frontend.logical.min.css"
LEFT_OUT = ("opengraph", "icon-512", "icon-192")


def installed() -> bool:
    """Whether the files are there."""
    return (VENDOR / "nhsuk" / "nhsuk-frontend.min.css").is_file()


def mirrored() -> bool:
    """Whether the copy for pages that read from the right is there."""
    return (VENDOR / "nhsuk" / LOGICAL).is_file()


def install(project: Path) -> str:
    """Fetch and copy them; what to tell the person who set up."""
    npm = shutil.which("npm")
    if npm is None:
        return "Node is not installed: pages will be unstyled. Install Node 20 or later, then `make assets`."
    done = subprocess.run(  # noqa: S603 - npm of this machine, with a lock file
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
        cwd=project,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode != 0:
        return (
            f"npm could not fetch the design system, so pages will be unstyled: {done.stderr.strip()[-300:]}"
        )
    copy(project / "node_modules" / "nhsuk-frontend" / "dist" / "nhsuk", VENDOR / "nhsuk")
    return f"The NHS design system is in {VENDOR.relative_to(project)}."


def copy(source: Path, target: Path) -> None:
    """Copy what pages use, rid of web fonts (Frutiger is licensed for NHS sites) and of every outside address."""
    shutil.rmtree(target, ignore_errors=True)
    (target / "assets" / "images").mkdir(parents=True)
    style = (source / "nhsuk-frontend.min.css").read_text(encoding="utf-8")
    inside = inward(ICONS.sub(f"url({OWN}", FONTS.sub("", style)))
    (target / "nhsuk-frontend.min.css").write_text(inside)
    (target / LOGICAL).write_text(logical(inside))
    (target / "nhsuk-frontend.min.js").write_text(inward((source / "nhsuk-frontend.min.js").read_text()))
    for file in target.glob("nhsuk-frontend.*"):
        Path(f"{file}.gz").write_bytes(
            gzip.compress(file.read_bytes(), mtime=0)
        )  # served where the browser takes it
    for file in (source / "assets" / "images").iterdir():
        if not any(part in file.name for part in LEFT_OUT):
            shutil.copyfile(file, target / "assets" / "images" / file.name)


def inward(text: str) -> str:
    """The same text without source maps and without addresses of other hosts."""
    return OUTSIDE.sub("", MAPS.sub("", text))


if __name__ == "__main__":
    print("== " + install(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
