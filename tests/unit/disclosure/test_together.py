"""Results released together: one figure, one answer; and no sum of one opens a star of another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.definitions import Measure
from joinedup.disclosure import Released, release
from joinedup.disclosure.attacking import attack
from joinedup.disclosure.attacking_cells import Cell, Rules, Sighting
from joinedup.disclosure.together import stand
from joinedup.measures import MeasureResult
from joinedup.measures.adding_up import Nested
from joinedup.measures.result import SCHEMA
from tests.eighths import examples

SERVICES = ("RKL07", "RKL14", "RKL42")
TRUST = Nested("trust", "RKL", "service", SERVICES)
ALL = Nested("total", "total", "trust", ("RKL", "RV3"))


def result(
    counts: Mapping[tuple[str, str], int], *nesting: Nested, period: str = "2025-26", of: str = "M001"
) -> MeasureResult:
    """Referrals, or another count, by (level, place)."""
    measure = Measure.load(of)
    rows = [
        {
            "measure": measure.slug, "measure_id": measure.id, "version": measure.version, "statistic": "count",
            "period": period, "level": level, "place": place, "place_name": place, "breakdown": "total",
            "group": "All", "breakdown_2": "", "group_2": "", "numerator": number, "denominator": None,
            "value": float(number), "lower": None, "upper": None,
        }
        for (level, place), number in counts.items()
    ]  # fmt: skip
    return MeasureResult(pa.Table.from_pylist(rows, SCHEMA), (measure,), 3, "test", nesting=nesting)


def of_services(*counts: int) -> MeasureResult:
    """The services of one trust."""
    return result({("service", place): count for place, count in zip(SERVICES, counts, strict=True)})


def of_trusts(*counts: int) -> MeasureResult:
    """Two trusts, the first with these services, and everyone."""
    trusts = {("trust", "RKL"): sum(counts), ("trust", "RV3"): 50}
    return result({**trusts, ("total", "total"): sum(counts) + 50}, ALL)


def of_both(*counts: int) -> MeasureResult:
    """Services beside their trust, which knows how they lie in one another."""
    return replace(result({("trust", "RKL"): sum(counts), **_places(of_services(*counts))}), nesting=(TRUST,))


def _places(result: MeasureResult) -> dict[tuple[str, str], int]:
    return {(row["level"], row["place"]): row["numerator"] for row in result.table.to_pylist()}


def shown(released: Released[MeasureResult]) -> dict[tuple[str, str], int | None]:
    return {(row["level"], row["place"]): row["numerator"] for row in released.value.table.to_pylist()}


def seen(*documents: Released[MeasureResult]) -> list[Sighting]:
    found = []
    for document in documents:
        for (level, place), value in shown(document).items():
            at = ("north_west_london", "NWL") if level == "total" else (level, place)
            found.append(
                Sighting(Cell("M001", "numerator", *at, "2025-26", "total", "All"), value, 0, "r", "r")
            )
    return found


EXPOSED = (7, 4, 7)
"""18 together: shown as 5, hidden, 5 and 20, so that the hidden one is 4 at least."""
RULES = {"r": Rules("r", "nhs-england", 5, 5)}


def test_apart_one_document_tells_on_another() -> None:
    """Why this is there: each is protected by itself, and a reader has both."""
    apart = [release(made(*EXPOSED)) for made in (of_services, of_trusts)]
    assert attack(seen(*apart), RULES).narrowed == 1


def test_together_a_figure_has_one_answer_and_nothing_is_told() -> None:
    made = {"services": of_services(*EXPOSED), "trusts": of_trusts(*EXPOSED), "both": of_both(*EXPOSED)}
    standing = stand(made)
    documents = [standing.released(name) for name in made]
    answers: dict[tuple[str, str], set[int | None]] = {}
    for document in documents:
        for place, value in shown(document).items():
            answers.setdefault(place, set()).add(value)
    assert all(len(values) == 1 for values in answers.values())
    assert attack(seen(*documents), RULES).held


def test_what_stands_stays_and_codes_are_the_same() -> None:
    first = stand({"services": of_services(*EXPOSED)})
    before = first.released("services")
    then = first.beside({"both": of_both(*EXPOSED)})
    assert shown(then.released("services")) == shown(before)
    late = then.released("both")
    both = set(before.registry) & set(late.registry)
    assert len(both) == len(SERVICES) and shown(late)["trust", "RKL"] is None  # the one that is new is hidden
    assert all(late.registry[code]["counts"] == before.registry[code]["counts"] for code in both)


def test_what_is_asked_again_is_answered_as_before() -> None:
    first = stand({"services": of_services(*EXPOSED), "both": of_both(*EXPOSED)})
    again = first.beside({"again": of_services(*EXPOSED)})
    assert again.hidden is first.hidden
    assert shown(again.released("again")) == shown(first.released("services"))


def test_places_that_one_result_leaves_out_are_places_of_another() -> None:
    """Nobody is elsewhere in one, so it has no such row; in the other that row is there, and hidden."""
    elsewhere = Nested("trust", "not_known", "service", ("not_known",))
    other_trust = Nested("trust", "RV3", "service", ("RV3L8",))
    total = Nested("total", "total", "trust", ("RKL", "RV3", "not_known"))
    services = Nested("total", "total", "service", (*SERVICES, "RV3L8", "not_known"))
    counts = {("service", place): n for place, n in zip((*SERVICES, "RV3L8"), (60, 40, 30, 50), strict=True)}
    one = result(
        {("trust", "RKL"): 130, ("trust", "RV3"): 50, ("total", "total"): 180, **counts},
        elsewhere,
        other_trust,
        total,
        TRUST,
    )
    other = result({**counts, ("service", "not_known"): 0, ("total", "total"): 180}, services)
    standing = stand({"one": one, "other": other})
    assert None not in shown(standing.released("one")).values()
    hidden = [place for place, value in shown(standing.released("other")).items() if value is None]
    assert hidden == [("service", "not_known")]


def test_what_is_new_beside_what_is_asked_again_is_protected() -> None:
    first = stand({"services": of_services(*EXPOSED)})
    then = first.beside({"again": of_services(*EXPOSED), "both": of_both(*EXPOSED)})
    assert shown(then.released("both"))["trust", "RKL"] is None


def test_every_measure_is_protected_not_only_the_first() -> None:
    places = {("service", place): count for place, count in zip(SERVICES, EXPOSED, strict=True)}
    entered = result({("trust", "RKL"): sum(EXPOSED), **places}, TRUST, of="M031")
    standing = stand({"referrals": of_services(20, 30, 40), "entered": entered})
    assert list(shown(standing.released("entered")).values()).count(None) == 2


def test_what_is_asked_alone_is_what_release_gives() -> None:
    made = of_services(*EXPOSED)
    alone = stand({"one": made}).released("one")
    assert shown(alone) == shown(release(made)) and alone.registry == release(made).registry


@given(st.tuples(*[st.one_of(st.integers(0, 12), st.integers(0, 400))] * 3))
@settings(max_examples=examples(200), deadline=None)
def test_nothing_is_narrowed_by_all_documents_together(counts: tuple[int, int, int]) -> None:
    """What stands knows how its places lie in one another, as a pack of services and trusts does."""
    standing = stand({"services": of_services(*counts), "both": of_both(*counts)})
    later = standing.beside({"trusts": of_trusts(*counts)})
    found = attack(seen(*(later.released(name) for name in later.results)), RULES)
    assert (found.recovered, found.narrowed, found.inconsistent) == (0, 0, ())
