"""What would have to change, and for how many people, so that no group is behind?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from joinedup.equity.by_group import ByGroup, OfFigures
from joinedup.errors import YourCommand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from joinedup.measures import MeasureResult

FEWEST = 20
"""People a group must have to be the best, or it would be the smallest group with luck."""


@dataclass(frozen=True)
class GroupClosing:
    """One group. `people` more (or fewer, where lower is better) with the outcome bring it to the target, with
    limits; 0 where it is there already; None where hidden or of no one. `rate` is a share of 1.
    """

    group: str
    denominator: float | None
    rate: float | None
    people: float | None
    lower: float | None
    upper: float | None
    certain: bool
    """Whether the limits of its distance from the target lie on one side of nothing."""


@dataclass(frozen=True, eq=False)
class GapClosing(OfFigures):
    """How far each group of one period is from a target: `target` is "best", "overall", or a group's name."""

    target: str

    @cached_property
    def target_group(self) -> str | None:
        """The group whose rate is the target; None for overall, or where none can be."""
        if self.target == "overall":
            return None
        if self.target != "best":
            return self.target
        sign, rates, sizes = self.figures.sign, self.figures.rates[0], self.figures.n[0]
        able = [k for k in range(len(rates)) if sizes[k] >= FEWEST and not math.isnan(rates[k])]
        return self.figures.groups[max(able, key=lambda k: sign * rates[k])] if able else None

    @cached_property
    def target_rate(self) -> float:
        """Share of 1 to be reached; NaN where hidden."""
        if self.target == "overall":
            # a hidden group would be missing from a sum that names everyone
            total = float(self.figures.n[0].sum())
            return float(self.figures.x[0].sum()) / total if total > 0 else math.nan
        if self.target_group is None:
            return math.nan
        return float(self.figures.rates[0, self.figures.at(self.target_group)])

    @cached_property
    def groups(self) -> tuple[GroupClosing, ...]:
        """Every group, in the order of the breakdown."""
        return tuple(self._group(k) for k in range(len(self.figures.groups)))

    @property
    def people(self) -> float | None:
        """People in all groups together; None where no group can be told."""
        told = [group.people for group in self.groups if group.people is not None]
        return sum(told) if told else None

    @property
    def complete(self) -> bool:
        """Whether every group could be counted."""
        return all(group.people is not None for group in self.groups)

    def headline(self) -> str:
        """The finding in a few words."""
        if self.people is None:
            return "Too few people to say what would close the gap"
        word = "more" if self.figures.sign > 0 else "fewer"
        return f"{self._about(self.people)} {word} people would bring every group to {self._aim()}"

    def sentence(self) -> str:
        """Target, people, and the groups they are of, those that may be chance named as such."""
        if self.people is None:
            return "Hidden to protect people, or nobody counted."
        behind = [group for group in self.groups if group.people]
        listed = "; ".join(
            f"{group.group} {self._about(group.people or 0)}{'' if group.certain else ' (may be chance)'}"
            for group in sorted(behind, key=lambda one: -(one.people or 0))
        )
        rest = "" if self.complete else " Groups that are hidden or empty are not counted."
        told = f"{self.headline()} ({100 * self.target_rate:.0f}%)."
        return f"{told} {listed}.{rest}" if listed else f"{told}{rest}"

    def to_json(self) -> dict[str, Any]:
        """Figures as plain values; after a release, as they may be shown."""
        return {
            "measure": self.figures.measure.slug,
            "place": self.figures.place,
            "period": self.figures.periods[0],
            "by": self.figures.breakdown,
            "target": self.target,
            "target_group": self.target_group,
            "target_rate": _known(self.target_rate),
            "people": self._shown(self.people),
            "complete": self.complete,
            "groups": [
                {
                    "group": one.group,
                    "denominator": one.denominator,
                    "rate": one.rate,
                    **{name: self._shown(getattr(one, name)) for name in ("people", "lower", "upper")},
                    "certain": one.certain,
                }
                for one in self.groups
            ],
            "headline": self.headline(),
            "sentence": self.sentence(),
            "profile": self.figures.display.profile if self.figures.display else None,
        }

    def identity(self) -> Mapping[str, Any]:
        """What the figures are, for their codes."""
        return self.figures.identity("closing the gap", target=self.target)

    def _group(self, k: int) -> GroupClosing:
        name, n = self.figures.groups[k], float(self.figures.n[0, k])
        rate = self._rate(k)
        if rate is None or math.isnan(self.target_rate):
            return GroupClosing(name, _known(n), rate, None, None, None, certain=False)
        if name == self.target_group:
            return GroupClosing(name, n, rate, 0.0, 0.0, 0.0, certain=True)
        short, low, high = (n * value for value in self._short(k))
        people, lower, upper = (max(value, 0.0) for value in (short, low, high))
        return GroupClosing(name, n, rate, people, lower, upper, certain=low > 0 or high < 0)

    def _rate(self, k: int) -> float | None:
        n, rate = float(self.figures.n[0, k]), float(self.figures.rates[0, k])
        display = self.figures.display
        hidden = display is not None and display.percentage(0.0, n) is None
        return None if math.isnan(rate) or hidden else rate

    def _short(self, k: int) -> tuple[float, float, float]:
        """How much better the target is than a group, with limits, as shares.

        Newcombe's limits; the overall rate, of which the group is a part, is taken from the others.
        """
        from joinedup.stats import difference_of_proportions

        x, n = self.figures.x[0], self.figures.n[0]
        share = 1.0
        if self.target_group is not None:
            other = self.figures.at(self.target_group)
            against = float(x[other]), float(n[other])
        else:
            against = float(x.sum() - x[k]), float(n.sum() - n[k])
            # own distance from the overall = distance from the others, times the others' share
            share = against[1] / float(n.sum())
        if against[1] <= 0:
            return 0.0, 0.0, 0.0
        found = difference_of_proportions(*against, x[k], n[k], self.figures.confidence)
        better = sorted(self.figures.sign * share * float(value) for value in found)
        return better[1], better[0], better[2]

    def _aim(self) -> str:
        if self.target_group is None:
            return "the overall rate"
        return f"the rate of {self.target_group}"

    def _about(self, people: float) -> str:
        return (
            f"{math.ceil(people - 1e-9):,}" if self.figures.display is None else f"{5 * round(people / 5):,}"
        )

    def _shown(self, people: float | None) -> float | None:
        """People, whole once released: the counts behind them are rounded anyway."""
        display = self.figures.display
        return people if people is None or display is None or display.exact else float(round(people))


def close_the_gap(
    result: MeasureResult | ByGroup, *, to: str = "best", period: str | None = None
) -> GapClosing:
    """For how many people of each group the outcome would have to differ for it to reach a target.

    `to`: "best" (best group of 20 people or more), "overall", or a group's name. `period`: the last of the
    result unless given. Raises YourCommand unless the result is one percentage in one place by one breakdown
    with a better side, UnknownName for an unknown group or period.
    """
    figures = ByGroup.of(result)
    if not figures.sign:
        raise YourCommand(
            f"'{figures.measure.title}' has no better side.",
            remedy="Choose a measure that should rise or fall.",
        )
    if to not in ("best", "overall"):
        figures.at(to)
    if period is not None and period not in figures.periods:
        raise YourCommand(
            f"There is no period {period}.", remedy=f"Choose from {', '.join(figures.periods)}."
        )
    return GapClosing(figures.only(periods=(period or figures.periods[-1],)), to)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
