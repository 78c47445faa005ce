"""Codes of best practice: what is said of a place and of a stage of its journey, and every count behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from joinedup.disclosure import code_of

if TYPE_CHECKING:
    from joinedup.disclosure import Released
    from joinedup.equity.practice import BestPractice

UNIT = "percentages, and differences in percentage points"


def coded(released: Released[BestPractice]) -> dict[str, Any]:
    """The answer as plain values, each place and each stage with the `code` that opens it."""
    answer = released.value.to_json()
    for place in answer["places"]:
        place["code"] = _code(released, place["place"]) if "people" in place else ""
    for place, steps in answer["journeys"].items():
        for step in steps:
            step["code"] = _code(released, place, step["stage"])
    return answer


def practice_registry(released: Released[BestPractice]) -> dict[str, dict[str, Any]]:
    """Entries that open every place and stage of the answer, and the counts that they are made of."""
    answer = coded(released)
    found: dict[str, dict[str, Any]] = {code: dict(entry) for code, entry in released.registry.items()}
    common = {**released.value.identity(), "profile": released.profile, "unit": UNIT, "counts": {}}
    for place in answer["places"]:
        if place["code"]:
            cell = {"place": place["place"], "part": "beside the others"}
            found[place["code"]] = {**common, "cell": cell, **_figures(released, place)}
    for code, steps in answer["journeys"].items():
        for step in steps:
            cell = {"place": code, "part": "beside the others", "stage": step["stage"]}
            found[step["code"]] = {**common, "cell": cell, **_figures(released, step, step["stage"])}
    return found


def _figures(released: Released[BestPractice], row: dict[str, Any], stage: str = "") -> dict[str, Any]:
    """Its numbers, and the codes of the counts they are made of: those of the place, and of all places beside it."""
    kept = {k: v for k, v in row.items() if isinstance(v, (int, float)) and not isinstance(v, bool)}
    stages = [one.name for one in released.value.stages]
    at = stages.index(stage) if stage else released.value.scope + 1
    # those who reached a stage passed the one before it; of the whole, those whom the measure is of, and the outcomes
    wanted = {stage, stages[at - 1] if at else ""} if stage else {stages[at - 1], stages[-1], ""}
    made = [
        code
        for code, entry in released.registry.items()
        if entry["cell"]["stage"] in wanted and (entry["cell"]["part"] != "passed_expected" or stage)
    ]
    return {"figures": kept, "made of": sorted(made)}


def _code(released: Released[BestPractice], place: str, stage: str = "") -> str:
    identity = released.value.identity()
    cell = {"filters": identity["filters"], "place": place, "part": "beside the others", "stage": stage}
    return code_of(identity["measure_id"], identity["version"], identity["snapshot"], cell, released.profile)
