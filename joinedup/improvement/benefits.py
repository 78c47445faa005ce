"""Benefits: a figure that somebody stands behind, or it is not published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from joinedup.errors import YourCommand

if TYPE_CHECKING:
    from datetime import date

NEEDED = {
    "number": "a number",
    "baseline": "the baseline it is measured from",
    "date": "the date it holds for",
    "owner": "an owner",
    "method": "the method it was found by",
}


@dataclass(frozen=True)
class Benefit:
    """What an initiative is said to have brought. Whatever is not known yet is None or empty."""

    text: str
    number: float | None = None
    baseline: float | None = None
    date: date | None = None
    owner: str = ""
    method: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """What stands between it and publication, in words. A number of 0 is a number."""
        return tuple(words for name, words in NEEDED.items() if _unsaid(getattr(self, name)))


def publishable(benefit: Benefit) -> Benefit:
    """The benefit itself. Raises YourCommand that names everything missing."""
    if benefit.missing:
        raise YourCommand(
            f"The benefit “{benefit.text}” cannot be published without {', '.join(benefit.missing)}.",
            remedy="Give them, or tell it as a story without a figure.",
        )
    return benefit


def _unsaid(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value != value  # noqa: PLR0124 (NaN)
