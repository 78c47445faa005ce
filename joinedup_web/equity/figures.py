"""Released figures of one state of the lake, as pages read them: pictures with their tables, and what opens each code.

They are written once, whole, by `preparing.py`; a page reads files and computes nothing. What is not here was not
released.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from joinedup.charts import Picture, Table

ABOUT = "about.json"
CUBE = "cube.json"
SIZES = ("page", "phone")
SLUG = re.compile(r"[a-z0-9-]{1,120}")


@dataclass(frozen=True)
class Shown:
    """One picture as it was drawn, or a table alone where `svg` is empty."""

    slug: str
    title: str
    subtitle: str
    sentence: str
    how_to_read: str
    caption: str
    table: Table
    svg: Mapping[str, str] = field(default_factory=dict, repr=False)
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, picture: Picture) -> Shown:
        """A picture, drawn for a page and for a phone."""
        return cls(
            picture.slug, picture.title, picture.subtitle, picture.sentence, picture.how_to_read, picture.caption,
            picture.table, {size: picture.drawn(size) for size in SIZES}, picture.notes,
        )  # fmt: skip

    def to_json(self) -> str:
        """Text that `from_json` reads."""
        plain = asdict(self)
        plain["table"]["numeric"] = sorted(self.table.numeric)
        return json.dumps(plain, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Shown:
        """What `to_json` wrote."""
        raw = json.loads(text)
        table = raw.pop("table")
        rows = {name: tuple(map(tuple, table[name])) for name in ("rows", "cell_codes", "icons")}
        made = Table(
            tuple(table["header"]),
            rows["rows"],
            frozenset(table["numeric"]),
            tuple(table["codes"]),
            rows["cell_codes"],
            rows["icons"],
        )
        return cls(**{**raw, "table": made, "notes": tuple(raw["notes"])})


@dataclass(frozen=True)
class Figures:
    """The folder of one state. `about` says what it holds."""

    folder: Path
    about: Mapping[str, Any] = field(repr=False)

    @classmethod
    def open(cls, folder: Path) -> Figures:
        """Open a folder that is whole."""
        return cls(folder, json.loads((folder / ABOUT).read_text(encoding="utf-8")))

    @property
    def snapshot(self) -> int:
        """The state of the lake that was released."""
        return int(self.about["snapshot"])

    def views(self, measure: str) -> tuple[str, ...]:
        """Views of a measure, in the order in which they are offered."""
        return tuple(self.about["views"].get(measure, ()))

    @property
    def gaps(self) -> Mapping[str, tuple[str, ...]]:
        """Breakdown -> groups whose gap beside the reference group can be shown, the widest first."""
        return {slug: tuple(groups) for slug, groups in self.about["gaps"].items()}

    def shown(self, slug: str) -> Shown | None:
        """The picture of that slug, or None where there is none."""
        file = self.folder / f"{slug}.json"
        if not SLUG.fullmatch(slug) or not file.is_file():
            return None
        return Shown.from_json(file.read_text(encoding="utf-8"))

    @cached_property
    def registry(self) -> Mapping[str, Any]:
        """Code -> what the number is and where it came from."""
        found: dict[str, Any] = json.loads((self.folder / "registry.json").read_text(encoding="utf-8"))
        return found


def name_of_view(measure: str, view: str) -> str:
    """Slug of the picture of a measure in a view."""
    return slugged(f"{measure}-{view}")


def name_of_gap(breakdown: str, group: str, kind: str = "gap") -> str:
    """Slug of the picture of a gap."""
    return slugged(f"{kind}-{breakdown}-{group}")


def slugged(text: str) -> str:
    """Small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
