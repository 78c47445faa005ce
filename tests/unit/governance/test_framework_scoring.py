"""Levels that stand: what evidence allows, spread, domains, statements, gaps, views beside each other, maps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from joinedup.definitions.periods import months
from joinedup.errors import UnknownName
from joinedup.governance.evidence import Figures, MeasureTest, Point
from joinedup.governance.frameworks.assessments import Assessment, Document, Evidence
from joinedup.governance.frameworks.comparing import already_there, compare, differences, mean_of_view, on_map
from joinedup.governance.frameworks.evidence import LakeHeld
from joinedup.governance.frameworks.results import Results
from joinedup.governance.frameworks.scoring import Outcome, Round, together
from tests.unit.governance.framework_forms import (
    DAYS,
    PAPER,
    PBP,
    PLACES,
    WCC,
    live,
    moderated,
    results,
    roadmap,
    scores,
    sheet,
    world,
)
from tests.unit.measures.small_journeys import drawn

BOARD = "inclusive_board"


@dataclass
class Told:
    """Figures as they are told here."""

    value: float | None = 80.0
    registry: dict[str, Any] = field(default_factory=dict)
    asked: list[date | None] = field(default_factory=list)

    def figures(self, test: MeasureTest, on: date | None) -> Figures | str:
        self.asked.append(on)
        points = tuple(
            Point(period=one.key, value=self.value, code="ABCDEFGHJK")
            for one in months(test.points, ending="2026-02")
        )
        return Figures(series=test.series, points=points)


def only(found: Results) -> Round:
    (place,) = found.places
    assert place.latest is not None
    return place.latest


def outcome(*filled: Assessment, held: object = None) -> Outcome:
    """The one criterion that these score."""
    return next(one for one in only(results(*filled, held=held)).outcomes if one.claims)


def one(level: int, *evidence: Evidence, partner: str = "Council") -> Assessment:
    return sheet(partner=partner, given=scores({BOARD: level}, {BOARD: evidence}))


def agreed(level: int, *evidence: Evidence) -> Assessment:
    return moderated(given=scores({BOARD: level}, {BOARD: evidence}))


def test_partners_score_apart_and_the_spread_is_shown() -> None:
    found = outcome(one(1), one(2, partner="NHS"), one(2, partner="Voluntary sector"), agreed(2))
    assert found.apart == (1, 2) and found.by_view("partner") == (1, 2, 2) and found.held == 2
    assert outcome(one(2), agreed(2)).apart is None  # one alone is no spread
    undecided = outcome(one(1), one(2, partner="NHS"))
    assert (undecided.held, undecided.proposed) == (
        None,
        1,
    )  # the lower median: two cannot outvote each other


@pytest.mark.parametrize("level", [3, 4])
def test_no_level_3_or_4_stands_without_evidence(level: int) -> None:
    found = outcome(agreed(level))
    assert (found.decided, found.allowed, found.held, found.unsupported) == (level, 2, 2, True)
    rules = [finding.rule for finding in results(agreed(level)).findings]
    assert rules == ["level-without-evidence"]


def test_evidence_counts_up_to_the_level_it_was_offered_for_whoever_offered_it() -> None:
    assert outcome(one(3, PAPER), agreed(4)).held == 3
    assert outcome(one(4, PAPER), agreed(3)).held == 3
    assert outcome(agreed(4, PAPER)).held == 4


@pytest.mark.parametrize(
    ("dated", "holds"),
    [
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
        (date(2024, 4, 1), True),
        (date(2024, 3, 31), False),
    ],
)
def test_a_document_counts_from_its_day_for_24_months(dated: date, holds: bool) -> None:
    found = outcome(agreed(3, Document("Minutes", dated, "https://example.org/m")))
    assert (found.held == 3) is holds and found.evidence[0].holds is holds


@pytest.mark.parametrize(("value", "held"), [(80.0, 3), (75.0, 3), (74.9, 2), (None, 2)])
def test_a_measure_has_to_hold_its_level_and_a_hidden_figure_does_not(value: float | None, held: int) -> None:
    found = outcome(agreed(3, live()), held=Told(value))
    assert found.held == held and found.evidence[0].points[-1].code == "ABCDEFGHJK"


def test_without_a_lake_a_measure_cannot_be_told_and_does_not_hold() -> None:
    found = outcome(agreed(3, live()))
    assert found.held == 2 and "No lake" in found.evidence[0].why


def test_the_newest_round_is_judged_on_live_figures_and_earlier_ones_as_of_their_day() -> None:
    held = Told()
    old = moderated(given=scores({BOARD: 3}, {BOARD: (live(),)}), round_="2025-09", day=DAYS[2])
    results(old, agreed(3, live()), held=held)
    assert held.asked == [DAYS[2], None]


def test_a_measure_is_judged_on_released_figures_of_the_lake() -> None:
    journeys = drawn(
        ReferralRequestReceivedDate=[date(2025, month, 3) for month in range(1, 7) for _ in range(12)],
        borough=["E09000005"] * 72,
    )
    held = LakeHeld(journeys)  # type: ignore[arg-type]
    enough, hidden = live("M001", threshold=10), live("M001", "E09000009", 1)
    found = outcome(agreed(3, enough, hidden), held=held)
    assert [judged.holds for judged in found.evidence] == [True, False]
    points = found.evidence[0].points
    assert [(p.period, p.value) for p in points] == [
        ("2025-04", 10),
        ("2025-05", 10),
        ("2025-06", 10),
    ]  # 12, released
    assert {p.code for p in points} <= set(held.registry) and len(points[0].code) == 10
    early = held.figures(enough.test, date(2025, 2, 10))
    assert early == "Figures of that time are not held."
    march = held.figures(enough.test, date(2025, 4, 10))
    assert isinstance(march, Figures) and march.points[-1].period == "2025-03"


@pytest.mark.parametrize(
    ("levels", "lowest", "mean", "two"),
    [((4, 4, 1), 1, 3, 4), ((2, 3), 2, 3, 2), ((1, 2), 1, 2, 1), ((3,), 3, 3, 3), ((1, 1, 4), 1, 2, 1)],
)
def test_rules_that_make_one_level_of_several(
    levels: tuple[int, ...], lowest: int, mean: int, two: int
) -> None:
    found = [together(levels, rule) for rule in ("lowest", "mean_half_up", "two_of_three")]
    assert found == [lowest, mean, two]


def test_a_domain_of_which_a_criterion_is_missing_has_no_level() -> None:
    found = only(results(moderated(given=scores({BOARD: 2}))))
    assert found.domain_level("leadership_and_governance") is None
    whole = only(results(moderated(given=scores({BOARD: 2, "one_accountable_lead": 1}))))
    assert whole.domain_level("leadership_and_governance") == 1


def test_a_statement_is_met_when_each_of_its_criteria_stands_at_the_target() -> None:
    names = [one.slug for one in PBP.of_statement("accountability")]
    paper = dict.fromkeys(names, (PAPER,))
    assert only(results(moderated(given=scores(dict.fromkeys(names, 4), paper)))).statement(
        "accountability"
    ) == ("met", 3, 3)
    mixed = {**dict.fromkeys(names, 4), names[0]: 3}
    assert only(results(moderated(given=scores(mixed, paper)))).statement("accountability") == (
        "not met",
        2,
        3,
    )
    part = scores(dict.fromkeys(names[:2], 4), paper)
    assert only(results(moderated(given=part))).statement("accountability") == ("cannot tell", 2, 3)


def test_gaps_name_the_next_level_what_is_planned_and_what_would_stand_with_evidence() -> None:
    (place,) = results(moderated(given=scores({BOARD: 3, "coordinated_flow": 1})), roadmap()).places
    gaps = {gap.criterion: gap for gap in place.gaps()}
    assert len(gaps) == 12  # those that nobody scored are gaps too
    assert (gaps[BOARD].level, gaps[BOARD].unsupported, gaps[BOARD].target) == (2, 3, 4)
    assert gaps["coordinated_flow"].next_level == PBP.domain_of("coordinated_flow").levels[2]
    assert [step.action for step in gaps["coordinated_flow"].milestones] == ["Measure hand-offs."]
    assert gaps["coordinated_flow"].measures == ("M053", "M055")
    assert [step.status(date(2026, 3, 31)) for step in roadmap().rows] == ["done", "overdue"]


def test_places_are_compared_on_the_core_criteria_that_all_have_and_local_ones_stand_apart() -> None:
    first = moderated("PBP-BRENT", given=scores({BOARD: 2, "plan_with_measures": 1}, mens_sheds=2))
    second = moderated("PBP-EALING", given=scores({BOARD: 1}))
    found = results(first, second)
    compared = compare(found.of(PBP.slug))
    assert compared.criteria == (BOARD,)
    assert [(one.place, one.mean, one.local) for one in compared.places] == [
        ("PBP-BRENT", 2.0, 1),
        ("PBP-EALING", 1.0, 0),
    ]
    assert already_there(found.places, BOARD, 2, "PBP-EALING") == ("PBP-BRENT",)
    brent = found.places[0].latest
    assert (
        brent is not None and [one.title for one in brent.local] == ["Mens sheds"] and len(brent.core) == 12
    )


def test_thirty_sub_scores_that_sum_to_54_are_1_80_and_the_panel_differs_on_two() -> None:
    """Competency 11 is scored from the second year only, and is not missed in the first."""
    names = [one.slug for one in WCC.criteria if not one.optional]
    own = {name: 2 if at < 24 else 1 for at, name in enumerate(names)}
    panel = {**own, names[0]: 1, names[3]: 1}
    common: dict[str, Any] = {
        "place": "5LC",
        "framework": WCC,
        "day": date(2009, 3, 1),
        "round_": "2008-09",
        "partner": "",
    }
    found = only(
        results(
            *(
                sheet(view=view, given=scores(given), **common)
                for view, given in (("self", own), ("peer", own), ("panel", panel))
            )
        )
    )
    assert sum(own.values()) == 54 and mean_of_view(found, "self") == pytest.approx(1.80)
    assert [(one.criterion, by) for one, by in differences(found, "self", "panel")] == [
        (names[0], -1),
        (names[3], -1),
    ]
    assert mean_of_view(found, "panel") == pytest.approx(52 / 30)
    assert (
        found.domain_level("lead") == 2 and found.domain_level("investment") is None
    )  # (1 + 2 + 2) / 3 rounds up
    acute = [c.slug for d in WCC.domains if d.slug in WCC.subsets[0].domains for c in d.criteria]
    assert mean_of_view(found, "self", acute) is not None


def test_the_same_scores_stand_on_the_map_of_8_and_of_13_boroughs() -> None:
    found = results(*world()).of(PBP.slug)
    assert {place.place for place in found} == set(PLACES) and len(found) == 7
    before, after = on_map(found, date(2026, 3, 31)), on_map(found, date(2026, 4, 1))
    assert (len(before), len(after)) == (8, 13)
    assert sum(one.mean is not None for one in before) == sum(one.mean is not None for one in after) == 8
    means = {one.borough: one.mean for one in before}
    assert all(means.get(one.borough) == one.mean for one in after)
    assert {one.unit for one in after if one.name in ("Kensington and Chelsea", "Westminster")} == {
        "PBP-BIBOROUGH"
    }
    assert {one.commissioner for one in after} == {"NHS West and North London"}
    with pytest.raises(UnknownName):
        WCC.criterion("none")
