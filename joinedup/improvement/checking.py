"""Claims checked: each reproduced from what is held, net of what would have happened anyway, with a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from joinedup.disclosure import release
from joinedup.errors import YourCommand
from joinedup.improvement.claim_verdicts import ClaimVerdict, Moved, verdict_on_change, verdict_on_level
from joinedup.improvement.claims import Claim, Reading
from joinedup.improvement.holdings import LENGTH_OF_STAY, PLACEMENTS, Holdings
from joinedup.improvement.months import months_of
from joinedup.improvement.movements import Level, level_of, moved_between, net_of_comparison, stays_moved
from joinedup.improvement.quantities import Kind, Quantity
from joinedup.improvement.staying import stay_figures
from joinedup.improvement.subjects import SUBJECTS, subject_of
from joinedup.improvement.ties import Tie, tied
from joinedup.improvement.wording import DAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from joinedup.improvement.monthly import MonthlyCounts
    from joinedup.improvement.staying import StayFigures

TIE_IT = "not tied: name its measure and period in a file of ties"
READS_AS = {
    Reading.PLAN: "not tied: it reads as a plan or a hope, not as a result",
    Reading.DENIAL: "not tied: it reads as something that did not happen",
}
WITHOUT_COMPARISON = (
    "Nothing to compare it with was named, so it cannot be told from what would have happened anyway."
)


@dataclass(frozen=True)
class CheckedClaim:
    """A claim and what is held about it, as it may be shown: `found` in words, None where nothing was looked for.

    `verdict` is a ClaimVerdict in words, or begins with "not tied". `moved` and `net` are relative changes.
    """

    claim: Claim
    measure: str | None
    found: str | None
    verdict: str
    title: str = ""
    moved: Moved | None = None
    net: Moved | None = None

    def to_json(self) -> dict[str, Any]:
        """The sentence, the measure, what it claims, what was found, and the verdict."""
        return {
            "text": self.claim.sentence,
            "measure": self.measure,
            "claimed": self.claim.quantity.words,
            "found": self.found,
            "verdict": self.verdict,
        }


def check_claims(
    claims: Iterable[Claim], ties: Sequence[Tie], held: Holdings, *, profile: str = "nhs-england"
) -> tuple[CheckedClaim, ...]:
    """Every claim with a verdict from what is held, in the order of the text.

    Figures pass `release` under the profile, and verdicts are made from what is left. Raises YourCommand where a tie
    meets no claim or several, and UnknownName for measures, levels and groups there are not.
    """
    return tuple(
        _untied(each.claim, held) if each.tie is None else _tied(each.claim, each.tie, held, profile)
        for each in tied(claims, ties)
    )


def _untied(claim: Claim, held: Holdings) -> CheckedClaim:
    subject = subject_of(claim)
    if claim.reads_as is not Reading.RESULT:
        return CheckedClaim(claim, None, None, READS_AS[claim.reads_as])
    if subject is not None and held.stays() is None:
        return _no_data(claim, subject.measure)
    return CheckedClaim(claim, None, None, TIE_IT)


def _no_data(claim: Claim, measure: str) -> CheckedClaim:
    subject = next((each for each in SUBJECTS if each.measure == measure), None)
    if subject is None:
        return CheckedClaim(claim, measure, "No data of it are held.", ClaimVerdict.NO_DATA_HELD)
    found = f"{subject.title}: no data are held. They come with {subject.comes_with}."
    return CheckedClaim(claim, measure, found, ClaimVerdict.NO_DATA_HELD, subject.title)


def _tied(claim: Claim, tie: Tie, held: Holdings, profile: str) -> CheckedClaim:
    if tie.measure == LENGTH_OF_STAY:
        return _checked_stays(claim, tie, held, profile)
    months = (*(months_of(tie.before) if tie.before else ()), *months_of(tie.after))
    if tie.measure == PLACEMENTS and held.stays() is None:
        return _no_data(claim, tie.measure)
    counts = held.monthly(tie.measure, level=tie.level, group=tie.of_group, months=months)
    if counts is None:
        return _no_data(claim, tie.measure)
    return _checked_counts(claim, tie, release(counts, profile).value)


def _checked_counts(claim: Claim, tie: Tie, counts: MonthlyCounts) -> CheckedClaim:
    quantity, after = claim.quantity, months_of(tie.after)
    places = tie.places or tuple(sorted(set(counts.place) - set(tie.compared)))
    missing = [month for month in (*_before(tie), *after) if month not in set(counts.month)]
    if missing:
        told = f"{counts.title}: the returns held do not cover {missing[0]}" + (
            f" and {len(missing) - 1} more months." if len(missing) > 1 else "."
        )
        return CheckedClaim(claim, counts.measure_id, told, ClaimVerdict.NO_DATA_HELD, counts.title)
    late = level_of(counts, places, after)
    if quantity.kind is Kind.SHARE:
        return _checked_level(claim, counts, late)
    if quantity.kind is Kind.LENGTH:
        raise _unfit(quantity, counts.title)
    early = level_of(counts, places, _before(tie, quantity))
    low, high = _claimed(quantity, early, late, counts)
    moved = moved_between(early, late, counts.display.rounding if counts.display else 0.0)
    compares = bool(tie.compared) or tie.own_trend
    net = net_of_comparison(counts, places, tie.compared, _before(tie), after) if compares else None
    verdict = verdict_on_change(low, high, moved, net)
    against = "the comparison places" if tie.compared else "their own trend"
    told = _moved_words(f"{_level(early, counts)} to {_level(late, counts)}", moved, net, against)
    return CheckedClaim(claim, counts.measure_id, told, verdict, counts.title, moved, net)


def _checked_level(claim: Claim, counts: MonthlyCounts, late: Level) -> CheckedClaim:
    if not counts.share:
        raise _unfit(claim.quantity, counts.title)
    if not late.known:
        told, verdict = _hidden_words(late), ClaimVerdict.CANNOT_TELL
    else:
        quantity, rounding = claim.quantity, counts.display.rounding if counts.display else 0.0
        # two standard deviations of what rounding every month's counts may have moved the share
        slack = 2 * (rounding * late.months * (1 + late.value**2)) ** 0.5 / late.total
        verdict = verdict_on_level(quantity.low, quantity.high, late.value, slack, quantity.bound)
        told = f"{_level(late, counts)}."
    return CheckedClaim(claim, counts.measure_id, told, verdict, counts.title)


def _checked_stays(claim: Claim, tie: Tie, held: Holdings, profile: str) -> CheckedClaim:
    table = held.stays()
    if table is None:
        return _no_data(claim, LENGTH_OF_STAY)
    quantity = claim.quantity
    if quantity.kind not in (Kind.CHANGE, Kind.DIFFERENCE):
        raise _unfit(quantity, "the change of a length of stay")
    places = tie.places or tuple(sorted(set(table.place.tolist()) - set(tie.compared)))
    windows = {"before": _before(tie, quantity), "after": months_of(tie.after)}
    figures = release(stay_figures(table, places=places, comparison=tie.compared, **windows), profile).value
    low, high = _claimed_of_stays(quantity, figures)
    moved, net = stays_moved(figures)
    verdict = verdict_on_change(low, high, moved, net)
    return CheckedClaim(
        claim, LENGTH_OF_STAY, _stay_words(figures, moved, net), verdict, SUBJECTS[0].title, moved, net
    )


def _before(tie: Tie, quantity: Quantity | None = None) -> tuple[str, ...]:
    if tie.before is None and quantity is not None:
        raise YourCommand(
            f"The tie of “{quantity.phrase}” does not say what it changed from.",
            remedy="Add `before:`, a period.",
        )
    return months_of(tie.before) if tie.before else ()


def _unfit(quantity: Quantity, title: str) -> YourCommand:
    return YourCommand(
        f"“{quantity.phrase}” cannot be said of {title}.",
        remedy="Tie it to a measure that is in the same unit.",
    )


def _claimed(quantity: Quantity, early: Level, late: Level, counts: MonthlyCounts) -> tuple[float, float]:
    """The claim as a relative change, lowest and highest."""
    scale = 1.0
    if quantity.kind is Kind.POINTS:
        if not counts.share:
            raise _unfit(quantity, counts.title)
        scale = early.value
    elif quantity.kind is Kind.DIFFERENCE:
        if _is_of_time(quantity):
            raise _unfit(quantity, counts.title)
        # so many fewer in the second window: beside the first, at the length of the second
        scale = early.count * late.asked / early.asked
    sign = _sign(quantity, counts.better)
    ends = (sign * quantity.low / scale, sign * quantity.high / scale) if scale else (0.0, 0.0)
    return min(ends), max(ends)


def _claimed_of_stays(quantity: Quantity, figures: StayFigures) -> tuple[float, float]:
    """The claim as a relative change; one in days, weeks, months or years is taken beside the stay before."""
    scale = 1.0
    if quantity.kind is Kind.DIFFERENCE:
        if not _is_of_time(quantity):
            raise _unfit(quantity, "a length of stay")
        scale = figures.windows[0].mean / DAYS[quantity.unit.removesuffix("s")]
    sign = _sign(quantity, "lower")
    ends = sign * quantity.low / scale, sign * quantity.high / scale
    return min(ends), max(ends)


def _is_of_time(quantity: Quantity) -> bool:
    return quantity.unit.removesuffix("s") in DAYS


def _sign(quantity: Quantity, better: str) -> float:
    """1 where the quantity says its own direction; else that of better or worse for the measure."""
    if not quantity.direction:
        return 1.0
    if better not in ("higher", "lower"):
        raise YourCommand(
            f"“{quantity.phrase}” says {quantity.direction}, and the measure has no better or worse.",
            remedy="Choose a measure of which more, or less, is agreed to be better.",
        )
    return 1.0 if (quantity.direction == "better") == (better == "higher") else -1.0


def _level(level: Level, counts: MonthlyCounts) -> str:
    if not level.known:
        return "hidden"
    if not counts.share:
        return f"{level.value:,.0f} a month"
    percentage = 100 * level.value
    return f"{percentage:.1f}%" if percentage >= 1 else f"{1e5 * level.value:.1f} per 100,000 a month"


def _hidden_words(level: Level) -> str:
    return f"{level.asked - level.months} of {level.asked} monthly counts are hidden as small: choose larger places."


def _moved_words(ends: str, moved: Moved, net: Moved | None, against: str) -> str:
    if not moved.known:
        return f"{ends}: too many monthly counts are hidden as small, or none are held. Choose larger places."
    if net is None:
        return f"{moved}, from {ends}. {WITHOUT_COMPARISON}"
    beyond = f"{net} beyond {against}" if net.known else f"beyond {against} nothing can be said"
    return f"{moved}, from {ends}; {beyond}."


def _stay_words(figures: StayFigures, moved: Moved, net: Moved | None) -> str:
    early, late = figures.windows[:2]
    if not moved.known:
        return "Too few discharges to show how long people stay. Choose larger places or longer periods."
    years = [each / 365.25 for each in (early.mean, late.mean, early.of_discharged, late.of_discharged)]
    horizon = f"mean stay up to {figures.horizon / 365.25:.0f} years, by period survival"
    ends = f"{years[0]:.2f} to {years[1]:.2f} years ({horizon})"
    claimed = f"The mean of the discharged, as it would be claimed, went from {years[2]:.2f} to {years[3]:.2f} years."
    return f"{_moved_words(ends, moved, net, 'the comparison places')} {claimed}"
