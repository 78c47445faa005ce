"""Whether enough seats are filled: so many of them, and each organisation without which nothing is decided."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Chair:
    """A seat as the check needs it: who it is, of which organisation, and whether that organisation is needed."""

    seat: Hashable
    organisation: str
    needed: bool = False


@dataclass(frozen=True)
class Quorum:
    """`present` of `seats` are filled, `wanted` are asked for; `missing` organisations are needed and not there."""

    present: int
    wanted: int
    seats: int
    missing: tuple[str, ...] = ()

    @property
    def met(self) -> bool:
        """Whether the meeting may decide."""
        return self.present > 0 and self.present >= self.wanted and not self.missing

    @property
    def words(self) -> str:
        """The whole of it in a sentence."""
        told = f"{self.present} of {self.seats} seats are filled; the quorum is {self.wanted}."
        verb = "is" if len(self.missing) == 1 else "are"
        without = f" {' and '.join(self.missing)} must be present and {verb} not." if self.missing else ""
        return f"{'Quorate' if self.met else 'Not quorate'}: {told}{without}"


def check(
    chairs: Iterable[Chair], filled: Collection[Hashable], wanted: int, away: Collection[Hashable] = ()
) -> Quorum:
    """The quorum of a meeting, or of one item: `away` are seats that leave for it because of an interest."""
    held = list(chairs)
    here = [one for one in held if one.seat in filled and one.seat not in away]
    needed = {one.organisation for one in held if one.needed}
    missing = needed - {one.organisation for one in here}
    return Quorum(len(here), wanted, len(held), tuple(sorted(missing)))
