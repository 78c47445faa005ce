"""The rules by which figures leave, by name."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from joinedup.disclosure.display import Display
from joinedup.errors import UnknownName

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Profile:
    """One rule of release. Counts below `hide_below` are hidden, zeros too: shown zeros let others be
    worked out.
    """

    name: str
    display: Display
    hide_below: int = 0
    complementary: bool = False

    @property
    def publishes(self) -> bool:
        """Whether figures of people may be published by it."""
        return self.complementary

    @property
    def protects(self) -> bool:
        """Whether anything is hidden or rounded."""
        return self.hide_below > 0 or self.display.base > 1

    def shown(self, count: int) -> int:
        """A count to the nearest base, halves upwards; totals are rounded alike."""
        base = self.display.base
        return base * ((2 * count + base) // (2 * base))

    def told(self, count: int) -> int | str:
        """A count of rows beside a figure: as counts are shown, a small one in words."""
        return f"fewer than {self.hide_below}" if count < self.hide_below else self.shown(count)

    def could_be(self, shown: int) -> tuple[int, int]:
        """Smallest and largest count that is shown as this one."""
        base = self.display.base
        return max(shown - base // 2, self.hide_below), shown + (base - 1) // 2


PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "nhs-england": Profile(
            "nhs-england", Display("nhs-england", base=5), hide_below=5, complementary=True
        ),
        "opensafely": Profile("opensafely", Display("opensafely", base=5), hide_below=8, complementary=True),
        "naive": Profile("naive", Display("naive", small=False, plain=True), hide_below=5),
        "as-published": Profile("as-published", Display("as-published", exact=True)),
        "model": Profile("model", Display("model", small=False)),
    }
)


def profile_of(profile: str | Profile) -> Profile:
    """The profile of that name. Raises UnknownName."""
    if isinstance(profile, Profile):
        return profile
    if profile not in PROFILES:
        raise UnknownName(
            f"There is no release profile '{profile}'.", remedy=f"Use one of: {', '.join(PROFILES)}."
        )
    return PROFILES[profile]
