"""Released figures of one state of the lake, as pages read them: pictures with their tables, and what opens each code.

They are written once, whole, by `preparing.py`; a page reads files and computes nothing. A picture is kept as its
specification and drawn when it is first asked for: drawing all of them would keep everyone waiting for pages that few
open. What is not here was not released.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from joinedup.charts import Picture, Table
from joinedup.charts.picture import accessible, to_svg
from joinedup.charts.points import opened

ABOUT = "state.json"
CUBE = "cube.json"
TREATED = "treated.json"
SIZES = ("page", "phone", "a4")
OPENS = "/number/{}/"
"""Where a code opens, as `urls.py` has it: drawings are kept from request to request."""
KEPT = 300
"""Drawings kept in each server process: some 40 KB each."""
DRAWING = threading.Lock()
"""The drawing engine is one for a process: one thread draws, the others wait."""
SLUG = re.compile(r"[a-z0-9-]{1,120}")


class Drawings(Mapping[str, str]):
    """The SVG of each size of a picture, drawn when it is asked for."""

    def __init__(self, shown: Shown) -> None:
        self.shown = shown

    def __getitem__(self, size: str) -> str:
        found = self.shown
        return draw(found.specs[size], f"{found.slug}-{size}", found.title, found.sentence)

    def __iter__(self) -> Iterator[str]:
        return iter(self.shown.specs)

    def __len__(self) -> int:
        return len(self.shown.specs)


@lru_cache(maxsize=KEPT)
def draw(spec: str, identity: str, title: str, description: str) -> str:
    """SVG of a specification, its points opening the page of their number."""
    with DRAWING:
        return opened(accessible(to_svg(json.loads(spec)), identity, title, description), OPENS)


@dataclass(frozen=True)
class Shown:
    """One picture with its words and table, `specs` by size; or a table alone where there are none."""

    slug: str
    title: str
    subtitle: str
    sentence: str
    how_to_read: str
    caption: str
    table: Table
    specs: Mapping[str, str] = field(default_factory=dict, repr=False)
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, picture: Picture) -> Shown:
        """A picture, for a page, a phone and paper."""
        return cls(
            picture.slug, picture.title, picture.subtitle, picture.sentence, picture.how_to_read, picture.caption,
            picture.table, {size: json.dumps(picture.spec(size), default=float) for size in SIZES}, picture.notes,
        )  # fmt: skip

    @classmethod
    def of_table(cls, picture: Picture) -> Shown:
        """A picture that is a table alone."""
        return cls(
            picture.slug, picture.title, picture.subtitle, picture.sentence, picture.how_to_read, picture.caption,
            picture.table,
        )  # fmt: skip

    @property
    def svg(self) -> Mapping[str, str]:
        """SVG by size."""
        return Drawings(self)

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

    @property
    def gaps_at(self) -> Mapping[str, tuple[str, ...]]:
        """Service -> ethnic groups whose gap can be shown there."""
        return {place: tuple(groups) for place, groups in self.about.get("gaps_at", {}).items()}

    def shown(self, slug: str) -> Shown | None:
        """The picture of that slug, or None where there is none."""
        file = self.folder / f"{slug}.json"
        if not SLUG.fullmatch(slug) or not file.is_file():
            return None
        return _read(file)

    @cached_property
    def registry(self) -> Mapping[str, Any]:
        """Code -> what the number is and where it came from."""
        found: dict[str, Any] = json.loads((self.folder / "registry.json").read_text(encoding="utf-8"))
        return found


@lru_cache(maxsize=KEPT)
def _read(file: Path) -> Shown:
    return Shown.from_json(file.read_text(encoding="utf-8"))


def name_of_view(measure: str, view: str) -> str:
    """Slug of the picture of a measure in a view."""
    return slugged(f"{measure}-{view}")


def name_of_gap(breakdown: str, group: str, kind: str = "gap") -> str:
    """Slug of the picture of a gap."""
    return slugged(f"{kind}-{breakdown}-{group}")


def slugged(text: str) -> str:
    """Small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
