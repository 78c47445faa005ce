"""Access, experience and outcome side by side, by group: dots with their limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from joinedup.charts.cells import Figure, figures
from joinedup.charts.drawings import dots
from joinedup.charts.picture import Picture, Table
from joinedup.charts.points import PLAIN, Points
from joinedup.charts.words import capital, interval, listed, percent, span, whole

if TYPE_CHECKING:
    from joinedup.definitions import Breakdown, Measure
    from joinedup.disclosure import Released
    from joinedup.measures import MeasureResult

SHORT = {
    "deprivation_quintile": "Deprivation",
    "long_term_condition": "Long-term condition",
    "gender": "Gender",
}
HOW = (
    "Each dot is a group; the pale bar holds its value 95 times in 100, and bars that do not overlap differ by more than "
    "chance. The dashed line is the reference group; each panel has its own scale, which need not start at nought."
)


@dataclass(frozen=True)
class Lens:
    """One panel: a measure, a short name for it, which of access, experience and outcome it speaks of, and how a sentence calls it."""

    measure: Measure
    name: str
    kind: str = ""
    says: str = ""

    @property
    def panel(self) -> str:
        """The head of the panel, in two lines where it says what it speaks of."""
        return f"{self.kind}|{self.name}" if self.kind else self.name


def by_group(
    released: Released[MeasureResult],
    breakdown: Breakdown,
    lenses: Sequence[Lens],
    *,
    slug: str,
    caption: str,
    points: Points = PLAIN,
) -> Picture:
    """Dots and limits of several percentages by the groups of a breakdown. Raises YourCommand if not released."""
    found = {lens.name: _of(released, breakdown, lens) for lens in lenses}
    order = [name for name in breakdown.group_names if name != breakdown.not_stated] + [breakdown.not_stated]
    rows = [
        {
            "panel": lens.panel, "group": f.group, "value": f.value, "lower": f.lower, "upper": f.upper,
            "stated": f.group != breakdown.not_stated, "reference": f.group == breakdown.reference,
            **points.of(f.code),
        }
        for lens in lenses
        for f in found[lens.name]
    ]  # fmt: skip
    panels = [lens.panel for lens in lenses]
    return Picture(
        slug=slug,
        title=_finding(found, breakdown, lenses),
        subtitle=f"Percentages by {breakdown.title.lower()}, {_period(found)}",
        sentence=_sentence(found, breakdown, lenses),
        how_to_read=HOW,
        caption=caption,
        table=_table(found, order),
        draw=lambda size, width: dots(
            rows, size=size, width=width, title="Percentage", order=order, panels=panels
        ),
    )


def _of(released: Released[MeasureResult], breakdown: Breakdown, lens: Lens) -> tuple[Figure, ...]:
    return figures(released, measure_id=lens.measure.id, breakdown=breakdown.slug)


def _period(found: dict[str, tuple[Figure, ...]]) -> str:
    first = next((f for shown in found.values() for f in shown), None)
    return span(first.period.key) if first else ""


def _furthest(shown: Sequence[Figure], breakdown: Breakdown, better: str) -> tuple[Figure, Figure] | None:
    """The reference and the group furthest from it on the worse side, when their limits do not overlap."""
    known = {f.group: f for f in shown if f.value is not None and f.lower is not None and f.upper is not None}
    base = known.pop(breakdown.reference, None)
    known.pop(breakdown.not_stated, None)
    if base is None or not known:
        return None
    sign = -1 if better == "lower" else 1
    worst = min(known.values(), key=lambda f: sign * (f.value or 0.0))
    apart = (worst.upper or 0) < (base.lower or 0) if sign > 0 else (worst.lower or 0) > (base.upper or 0)
    return (base, worst) if apart else None


def _finding(found: dict[str, tuple[Figure, ...]], breakdown: Breakdown, lenses: Sequence[Lens]) -> str:
    apart = [
        (lens.kind or lens.name).lower()
        for lens in lenses
        if _furthest(found[lens.name], breakdown, lens.measure.better)
    ]
    what = SHORT.get(breakdown.slug, breakdown.title)
    return (
        f"{what}: differences in {listed(list(dict.fromkeys(apart)))}"
        if apart
        else f"{what}: no difference beyond chance"
    )


def _sentence(found: dict[str, tuple[Figure, ...]], breakdown: Breakdown, lenses: Sequence[Lens]) -> str:
    said = []
    for lens in lenses:
        pair = _furthest(found[lens.name], breakdown, lens.measure.better)
        if pair:
            base, worst = pair
            said.append(
                f"{lens.says or capital(lens.name)}: {percent(worst.value)} among {breakdown.people(worst.group)} "
                f"({interval(worst.lower, worst.upper)}), {percent(base.value)} among {breakdown.people(base.group)}."
            )
    return (
        " ".join(said) or f"No evidence that any group differs from {breakdown.people(breakdown.reference)}."
    )


def _table(found: dict[str, tuple[Figure, ...]], order: Sequence[str]) -> Table:
    header = ("Group", "What", "Number", "Out of", "Percentage", "95% limits")
    rows, codes = [], []
    for name, shown in found.items():
        for f in sorted(shown, key=lambda f: order.index(f.group)):
            rows.append(
                (
                    f.group,
                    name,
                    whole(f.numerator),
                    whole(f.denominator),
                    percent(f.value),
                    interval(f.lower, f.upper),
                )
            )
            codes.append(f.code)
    return Table(header, tuple(rows), frozenset({2, 3, 4}), tuple(codes))


def rows_of(picture: Picture) -> list[dict[str, Any]]:
    """The table of a picture as mappings, for tests and exports."""
    return [dict(zip(picture.table.header, row, strict=True)) for row in picture.table.rows]
