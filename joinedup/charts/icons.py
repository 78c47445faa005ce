"""Icons of variation and assurance, drawn by us, each with its words.

The meaning is that of NHS England's Making Data Count; the drawings are our own. Form tells them apart without
colour: triangles are better, squares worse, diamonds neither, a circle is chance; hexagons speak of the target.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from joinedup.charts.theme import COMMON, CONCERN, FONT, IMPROVEMENT, QUIET
from joinedup.errors import UnknownName
from joinedup.stats.making_data_count import Assurance, Variation

NEUTRAL: Final = "#801650"
UP, DOWN = "M0,-0.95L1,0.8L-1,0.8Z", "M0,0.95L1,-0.8L-1,-0.8Z"
SQUARE = "M-0.85,-0.85H0.85V0.85H-0.85Z"
DIAMOND = "M0,-1L1,0L0,1L-1,0Z"
CIRCLE = "M-0.9,0A0.9,0.9,0,1,1,0.9,0A0.9,0.9,0,1,1,-0.9,0Z"
HEXAGON = "M-0.5,-0.87L0.5,-0.87L1,0L0.5,0.87L-0.5,0.87L-1,0L-0.5,-0.87Z"
WAVE = "M-0.5,0.1C-0.3,-0.5,-0.15,-0.5,0,0C0.15,0.5,0.3,0.5,0.5,-0.1"
TICK, CROSS = "M-0.45,0.05L-0.1,0.4L0.5,-0.35", "M-0.35,-0.35L0.35,0.35M0.35,-0.35L-0.35,0.35"
HIT_OR_MISS = (  # a line with one point above it and one below
    "M-0.6,0L0.6,0M-0.38,-0.36A0.1,0.1,0,1,1,-0.18,-0.36A0.1,0.1,0,1,1,-0.38,-0.36Z"
    "M0.18,0.36A0.1,0.1,0,1,1,0.38,0.36A0.1,0.1,0,1,1,0.18,0.36Z"
)
DASH = "M-0.35,0L0.35,0"


@dataclass(frozen=True)
class Icon:
    """One icon. `path` lies within -1 to 1 both ways; `letter` stands on it, `drop` below its middle; `words` say it, `brief` in a table."""

    words: str
    path: str
    colour: str
    filled: bool = False
    letter: str = ""
    drop: float = 0.0
    brief: str = ""

    def svg(self, size: int = 24, *, beside_words: bool = False) -> str:
        """SVG text, `size` pixels square. Where the words stand beside it, a screen reader passes over it."""
        words = html.escape(self.words)
        told = 'aria-hidden="true"' if beside_words else f'role="img" aria-label="{words}"'
        fill = self.colour if self.filled else "none"
        letter = (
            f'<text x="0" y="{self.drop + 0.38:g}" font-family="{FONT}" font-size="1.05" font-weight="bold" '
            f'text-anchor="middle" fill="#FFFFFF">{self.letter}</text>'
            if self.letter
            else ""
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="-1.15 -1.15 2.3 2.3" '
            f'focusable="false" {told}><title>{words}</title><path d="{self.path}" fill="{fill}" '
            f'stroke="{self.colour}" stroke-width="0.17" stroke-linejoin="round" stroke-linecap="round"/>{letter}</svg>'
        )


def _variation() -> dict[tuple[str, str], Icon]:
    better = ("Better, more than chance: ", IMPROVEMENT)
    worse = ("Worse, more than chance: ", CONCERN)
    neither = ("Changed, more than chance: ", NEUTRAL)
    high, low = "high or rising", "low or falling"
    return {
        (Variation.IMPROVEMENT, "H"): Icon(better[0] + high, UP, better[1], True, "H", 0.22),
        (Variation.IMPROVEMENT, "L"): Icon(better[0] + low, DOWN, better[1], True, "L", -0.22),
        (Variation.CONCERN, "H"): Icon(worse[0] + high, SQUARE, worse[1], True, "H"),
        (Variation.CONCERN, "L"): Icon(worse[0] + low, SQUARE, worse[1], True, "L"),
        (Variation.NEUTRAL_HIGH, "H"): Icon(neither[0] + high, DIAMOND, neither[1], True, "H"),
        (Variation.NEUTRAL_LOW, "L"): Icon(neither[0] + low, DIAMOND, neither[1], True, "L"),
        (Variation.COMMON, ""): Icon("Ordinary variation: no more than chance", CIRCLE + WAVE, COMMON),
    }


VARIATION_ICONS: Final[Mapping[tuple[str, str], Icon]] = MappingProxyType(_variation())
"""By variation and letter: H high or rising, L low or falling, none for common cause."""
ASSURANCE_ICONS: Final[Mapping[str, Icon]] = MappingProxyType(
    {
        Assurance.PASS: Icon(
            "Meets the standard every month if nothing changes", HEXAGON + TICK, IMPROVEMENT, brief="met"
        ),
        Assurance.FAIL: Icon(
            "Misses the standard every month if nothing changes", HEXAGON + CROSS, CONCERN, brief="missed"
        ),
        Assurance.INCONSISTENT: Icon(
            "Meets or misses the standard by chance", HEXAGON + HIT_OR_MISS, QUIET, brief="hit or miss"
        ),
        Assurance.NONE: Icon("No standard is set", HEXAGON + DASH, COMMON, brief="none"),
    }
)


def variation_icon(variation: str, *, high: bool = True) -> Icon:
    """Icon of what the last point of a chart is; `high` tells a high or rising one from a low or falling one.

    Raises UnknownName for a word that is no `Variation`, and for a missing value, which has no icon.
    """
    letter = {Variation.COMMON: "", Variation.NEUTRAL_HIGH: "H", Variation.NEUTRAL_LOW: "L"}
    key = (variation, letter.get(variation, "H" if high else "L"))  # type: ignore[call-overload]
    if key not in VARIATION_ICONS:
        raise UnknownName(f"There is no icon for '{variation}'.", remedy=f"Choose from {_of(Variation)}.")
    return VARIATION_ICONS[key]


def assurance_icon(assurance: str) -> Icon:
    """Icon of whether the target will be met; "" where none is set. Raises UnknownName for another word."""
    if assurance not in ASSURANCE_ICONS:
        raise UnknownName(f"There is no icon for '{assurance}'.", remedy=f"Choose from {_of(Assurance)}.")
    return ASSURANCE_ICONS[assurance]


def _of(kinds: type[Variation] | type[Assurance]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds if kind is not Variation.MISSING)
