"""Best practice of a state, released once: each measure by borough and by service, with a picture and what opens it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joinedup.charts import practice
from joinedup.disclosure import release
from joinedup.equity import BestPractice, best_practice
from joinedup.equity.outcomes import OUTCOMES
from joinedup.equity.practice_codes import coded, practice_registry
from joinedup.equity.selecting import PLACE_COLUMNS
from joinedup.errors import YourCommand
from joinedup_web.equity.figures import Figures, Shown, name_of_view

if TYPE_CHECKING:
    from joinedup.disclosure import Released
    from joinedup.equity.selecting import JourneyRecords

PRACTICE = "practice.json"
MEASURES = tuple(outcome.beside for outcome in OUTCOMES.values())
LEVELS = tuple(reversed(PLACE_COLUMNS))


def released_practices(records: JourneyRecords) -> tuple[Released[BestPractice], ...]:
    """Every measure by every kind of place; none where the returns are too short or the people too few."""
    found = []
    for measure in MEASURES:
        for level in LEVELS:
            try:
                found.append(release(best_practice(records, measure, by=level)))
            except YourCommand:  # the page says that there is none
                continue
    return tuple(found)


def write_practices(found: tuple[Released[BestPractice], ...], folder: Path, caption: str) -> dict[str, Any]:
    """Write answers and pictures; what opens each of their codes."""
    answers, registry = {}, dict[str, Any]()
    for one in found:
        slug = name_of_view(one.value.measure_id, f"practice-{one.value.by}")
        shown = Shown.of(practice(one, slug=slug, caption=caption))
        (folder / f"{slug}.json").write_text(shown.to_json(), encoding="utf-8")
        answers[slug] = coded(one)
        registry |= practice_registry(one)
    (folder / PRACTICE).write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")
    return registry


def practice_of(figures: Figures, measure: str, level: str) -> tuple[Mapping[str, Any], Shown] | None:
    """The answer of a state and its picture; None where it was not released."""
    file, slug = figures.folder / PRACTICE, name_of_view(measure, f"practice-{level}")
    answer = json.loads(file.read_text(encoding="utf-8")).get(slug) if file.is_file() else None
    shown = figures.shown(slug) if answer else None
    return (answer, shown) if answer and shown is not None else None
