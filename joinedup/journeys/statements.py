"""The SQL of the derivations: a file a step under `sql/`, codes and thresholds filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from string import Template

from joinedup.definitions.derivations import Derivations
from joinedup.definitions.pathway import Pathway
from joinedup.definitions.thresholds import QuestionnaireThreshold, Thresholds
from joinedup.journeys.lookups import scored_columns
from joinedup.journeys.tables import JOURNEYS

_MONTH = "CAST(replace({}period, '-', '') AS BIGINT)"


def statement(step: str, words: Mapping[str, str]) -> str:
    """The SQL of one step, without its comments. KeyError if the file asks for a word that is not given."""
    return Template(_text(step)).substitute(words)


@cache
def _text(step: str) -> str:
    text = files("joinedup.journeys").joinpath("sql", f"{step}.sql").read_text(encoding="utf-8")
    return re.sub(r"^\s*--.*\n", "", text, flags=re.MULTILINE)


def words(pathway: Pathway, thresholds: Thresholds, derivations: Derivations) -> dict[str, str]:
    """What the files leave open, each as SQL text: lists of codes, and the conditions on scores."""
    return _codes(derivations) | _order() | _scores(thresholds, derivations) | _journey_columns(pathway)


def _order() -> dict[str, str]:
    """A row's age: the later period wins, and within a period the row further down the file."""
    return {
        "age": _MONTH.format("") + " * 4294967296 + coalesce(_row, 0)",
        "sent_age": _MONTH.format("sent.") + " * 4294967296 + coalesce(sent._row, 0)",
        "month": _MONTH.format(""),
    }


def _codes(derivations: Derivations) -> dict[str, str]:
    lists: dict[str, Sequence[str]] = {
        "attended": derivations.attended.AttendOrDNACode,
        "unplanned": derivations.attended.PlannedCareContIndicator,
        "treatment": derivations.appointment_types.treatment,
        "assessment": derivations.appointment_types.assessment,
        "did_not_attend": derivations.did_not_attend,
        "cancelled": derivations.cancelled,
        "not_seen": derivations.not_seen,
        "integrated": derivations.integrated,
        "interpreter": derivations.interpreter,
        "no_disability": derivations.disability.absent,
        "disability_not_stated": derivations.disability.not_stated,
        "condition_present": derivations.long_term_condition.present,
        "condition_absent": derivations.long_term_condition.absent,
        "employment_status": derivations.employment_status,
        "icd10_scheme": derivations.presenting_complaint.icd10_scheme,
        "primary_complaint": derivations.presenting_complaint.primary,
        "experience_questions": derivations.experience_questions,
    }
    quoted = {name: f"({', '.join(_quoted(code) for code in codes)})" for name, codes in lists.items()}
    return quoted | {"employment_support": _quoted(derivations.employment_support)}


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _scores(thresholds: Thresholds, derivations: Derivations) -> dict[str, str]:
    low_mood, comparison = thresholds.depression, thresholds.comparison
    mood = (low_mood.first_column, low_mood.last_column)
    anxiety = ("ADSM_FirstScore", "ADSM_LastScore")
    return {
        "score_columns": ",\n    ".join(_first_and_last(derivations, thresholds)),
        "adsm": _adsm(thresholds),
        "adsm_first": _by_adsm(thresholds, {item.code: item.first_column for item in _anxiety(thresholds)}),
        "adsm_last": _by_adsm(thresholds, {item.code: item.last_column for item in _anxiety(thresholds)}),
        "low_mood_last": low_mood.last_column,
        "low_mood_at_first": low_mood.caseness_sql(mood[0]),
        "low_mood_at_last": low_mood.caseness_sql(mood[1]),
        "low_mood_fell": low_mood.improved_sql(*mood, comparison),
        "low_mood_rose": low_mood.deteriorated_sql(*mood, comparison),
        "anxious_at_first": _by_adsm(thresholds, _each(thresholds, "caseness_sql", anxiety[0])),
        "anxious_at_last": _by_adsm(thresholds, _each(thresholds, "caseness_sql", anxiety[1])),
        "anxiety_fell": _by_adsm(thresholds, _each(thresholds, "improved_sql", *anxiety, comparison)),
        "anxiety_rose": _by_adsm(thresholds, _each(thresholds, "deteriorated_sql", *anxiety, comparison)),
    }


def _first_and_last(derivations: Derivations, thresholds: Thresholds) -> list[str]:
    return [
        f"CAST(max({end.lower()}_score) FILTER (question = {number}) / 100.0 AS FLOAT) AS {column}_{end}Score"
        for number, column in enumerate(scored_columns(derivations, thresholds))
        for end in ("First", "Last")
    ]


def _anxiety(thresholds: Thresholds) -> tuple[QuestionnaireThreshold, ...]:
    return (*thresholds.specific, thresholds.fallback)


def _each(thresholds: Thresholds, method: str, *arguments: str) -> dict[str, str]:
    return {item.code: str(getattr(item, method)(*arguments)) for item in _anxiety(thresholds)}


def _adsm(thresholds: Thresholds) -> str:
    """National name of the anxiety measure: the problem's own where it has a last score, else GAD-7's."""
    cases = [
        f"WHEN starts_with(Validated_PresentingComplaint, {_quoted(problem)}) "
        f"AND {item.last_column} IS NOT NULL THEN {_quoted(str(item.adsm))}"
        for item in thresholds.specific
        for problem in item.problems
    ]
    return f"CASE {' '.join(cases)} ELSE {_quoted(str(thresholds.fallback.adsm))} END"


def _by_adsm(thresholds: Thresholds, values: Mapping[str, str]) -> str:
    cases = [f"WHEN {_quoted(str(item.adsm))} THEN {values[item.code]}" for item in thresholds.specific]
    return f"CASE ADSM {' '.join(cases)} ELSE {values[thresholds.fallback.code]} END"


def _journey_columns(pathway: Pathway) -> dict[str, str]:
    return {
        "columns": ", ".join(name for name in JOURNEYS.names if name != "stage"),
        "stage": pathway.furthest_stage_sql(),
    }
