"""The design system's files are copied without fonts and outside addresses."""

from __future__ import annotations

import json
from pathlib import Path

from joinedup_web.nhsuk.assets import copy

ROOT = Path(__file__).parents[3]


def test_fonts_and_outside_addresses_are_left_behind(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "assets" / "images").mkdir(parents=True)
    (source / "assets" / "images" / "nhsuk-icon-tick.svg").write_text("<svg/>")
    (source / "assets" / "images" / "nhsuk-opengraph-image.png").write_text("large")
    style = "@font-face{font-family:F;src:url(https://fonts.example/f.woff2)}a{background:url(/assets/images/nhsuk-icon-tick.svg)}"
    (source / "nhsuk-frontend.min.css").write_text(style + "\n/*# sourceMappingURL=x.css.map */")
    (source / "nhsuk-frontend.min.js").write_text(
        'a="https://outside.example/x";b="http://www.w3.org/2000/svg"\n//# sourceMappingURL=x'
    )
    copy(source, tmp_path / "target")
    made = (tmp_path / "target" / "nhsuk-frontend.min.css").read_text()
    assert made.strip() == "a{background:url(/static/nhsuk/assets/images/nhsuk-icon-tick.svg)}"
    assert (
        tmp_path / "target" / "nhsuk-frontend.min.js"
    ).read_text().strip() == 'a="";b="http://www.w3.org/2000/svg"'
    assert [p.name for p in (tmp_path / "target" / "assets" / "images").iterdir()] == ["nhsuk-icon-tick.svg"]


def test_the_lock_names_no_host_and_the_version_that_the_macros_are_of() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    package = lock["packages"]["node_modules/nhsuk-frontend"]
    assert package["version"] == "10.6.1" and package["integrity"].startswith("sha512-")
    assert not [name for name, one in lock["packages"].items() if "resolved" in one]
