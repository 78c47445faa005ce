"""From the definitions to what the kernel looks things up in: a number for each code that occurs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from joinedup.definitions.derivations import Derivations
from joinedup.definitions.thresholds import QuestionnaireThreshold, Thresholds
from joinedup.errors import DefinitionBroken
from joinedup.journeys.clustered import MISSING
from joinedup.journeys.lookups import scored_columns

if TYPE_CHECKING:
    from joinedup.journeys.kernel import Rules

COMPLAINT = "Validated_PresentingComplaint"


class Kind(NamedTuple):
    """The codes of a contact that decide what it was. `employment_support`: 0 no activity was, 1 some were, 2 all."""

    AttendOrDNACode: str | None
    AppType: str | None
    PlannedCareContIndicator: str | None
    IAPTLTCServiceInd: str | None
    InterpreterPresentInd: str | None
    employment_support: int


NO_SUPPORT, SOME_SUPPORT, ONLY_SUPPORT = 0, 1, 2


def rules_of(
    kinds: Iterable[tuple[Any, ...]],
    complaints: Sequence[str | None],
    derivations: Derivations,
    thresholds: Thresholds,
) -> Rules:
    """The rules for these kinds of contact (as `Kind`) and presenting complaints, each in the order of its codes."""
    from joinedup.journeys.kernel import Rules

    found = [Kind(*kind) for kind in kinds]
    columns = scored_columns(derivations, thresholds)
    measures = [_deciding(thresholds, column) for column in columns]
    places = {code: place for place, code in enumerate(sorted(derivations.interpreter))}
    return Rules(
        meaning=np.array([_meaning(kind, derivations) for kind in found], np.uint8),
        interpreter=np.array(
            [places.get(kind.InterpreterPresentInd or "", MISSING) for kind in found], np.int32
        ),
        caseness=np.array([item.least_at_caseness if item else MISSING for item in measures], np.int64),
        change=np.array(
            [item.least_change(thresholds.comparison) if item else MISSING for item in measures], np.int64
        ),
        low_mood=columns.index(thresholds.depression.column),
        fallback=columns.index(thresholds.fallback.column),
        specific=np.array([_specific(code, thresholds, columns) for code in complaints], np.int64),
    )


def _meaning(kind: Kind, derivations: Derivations) -> int:
    """attended_contact: AttendOrDNACode in (5, 6) or PlannedCareContIndicator = N.
    treatment_contact: attended, AppType 02, 03 or 05, not employment support only; its date is looked at later.
    assessment_contact: attended, AppType 01 or 03.
    """
    from joinedup.journeys import kernel

    attended = (
        kind.AttendOrDNACode in derivations.attended.AttendOrDNACode
        or kind.PlannedCareContIndicator in derivations.attended.PlannedCareContIndicator
    )
    types = derivations.appointment_types
    said = {
        kernel.ATTENDED: attended,
        kernel.TREATMENT: kind.AppType in types.treatment and kind.employment_support != ONLY_SUPPORT,
        kernel.ASSESSMENT: kind.AppType in types.assessment,
        kernel.SUPPORT: kind.employment_support != NO_SUPPORT,
        kernel.INTEGRATED: kind.IAPTLTCServiceInd in derivations.integrated,
        kernel.INTERPRETER: kind.InterpreterPresentInd in derivations.interpreter,
        kernel.DID_NOT_ATTEND: kind.AttendOrDNACode in derivations.did_not_attend,
    }
    return sum(bit for bit, holds in said.items() if holds)


def _deciding(thresholds: Thresholds, column: str) -> QuestionnaireThreshold | None:
    """The questionnaire of a score column, None where it decides no outcome."""
    found = (item for item in thresholds.questionnaires if item.column == column and item.decides_outcomes)
    return next(found, None)


def _specific(complaint: str | None, thresholds: Thresholds, columns: Sequence[str]) -> int:
    found = [item for item in thresholds.specific if complaint and complaint.startswith(item.problems)]
    if len(found) > 1:
        raise DefinitionBroken(f"several anxiety measures claim the problem {found[0].problems}")
    return columns.index(found[0].column) if found else -1
