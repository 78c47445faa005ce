"""The national derivations as compiled loops over a clustered record: one pass, each row read once.

This module imports numba; import it where it is used. Every code, threshold and choice comes in through `Rules`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from joinedup.journeys.clustered import MISSING

Array = NDArray[Any]
Function = TypeVar("Function", bound=Callable[..., Any])

# What the kind of a contact says, as bits.
ATTENDED, TREATMENT, ASSESSMENT, SUPPORT, INTEGRATED, DID_NOT_ATTEND = 1, 2, 4, 8, 16, 32
FAR = np.iinfo(np.int32).max


class Rules(NamedTuple):
    """What the derivations look for, as arrays.

    `meaning`: bits per kind of contact (TREATMENT before the dates are looked at). `interpreter`: per kind, the place
    of its interpreter code in the order of the codes, MISSING where it says nothing.
    `caseness` and `change`: per question, the lowest score at caseness and the least reliable change, in hundredths
    (MISSING where none is published). `low_mood` and `fallback`: questions. `specific`: per presenting complaint, the
    question of its own anxiety measure, -1 where it has none.
    """

    meaning: Array
    interpreter: Array
    caseness: Array
    change: Array
    low_mood: int
    fallback: int
    specific: Array


class Derived(NamedTuple):
    """What is derived, by national names: one value per journey. Days since 1970-01-01; MISSING where there is none.

    `first` and `last` are scores in hundredths, journeys x questions. `ADSM` is the question chosen.
    """

    Assessment_FirstDate: Array
    Assessment_LastDate: Array
    TherapySession_FirstDate: Array
    TherapySession_SecondDate: Array
    TherapySession_LastDate: Array
    IntegratedContact_FirstDate: Array
    IntegratedTreatment_FirstDate: Array
    EmpSupport_FirstDate: Array
    InterpreterPresentInd: Array
    CareContact_Count: Array
    TreatmentCareContact_Count: Array
    Appointment_Count: Array
    DNA_Count: Array
    CompletedTreatment_Flag: Array
    first: Array
    last: Array
    ADSM: Array
    Paired_Flag: Array
    Caseness_Flag: Array
    NotCaseness_Flag: Array
    Recovery_Flag: Array
    ReliableImprovement_Flag: Array
    ReliableDeterioration_Flag: Array
    NoChange_Flag: Array


def empty(journeys: int, questions: int) -> Derived:
    """Room for so many journeys."""

    def room(name: str) -> Array:
        if name in ("first", "last"):
            return np.empty((journeys, questions), np.int32)
        return np.empty(journeys, np.bool_ if name.endswith("_Flag") else np.int32)

    return Derived(*(room(name) for name in Derived._fields))


def compiled(function: Function) -> Function:
    """`function` compiled on its first call, and kept on disk for the next process."""
    return cast(Function, numba.njit(cache=True, nogil=True)(function))


@compiled
def derive(
    received: Array,
    ended: Array,
    complaint: Array,
    first_contact: Array,
    contact_day: Array,
    contact_kind: Array,
    first_score: Array,
    score_day: Array,
    score_question: Array,
    score: Array,
    rules: Rules,
    out: Derived,
) -> None:
    """Fill `out` for every referral. The arrays are those of a `Clustered`; `complaint` is one of its codes."""
    for j in range(len(received)):
        start, stop = first_contact[j], first_contact[j + 1]
        sessions(j, received[j], ended[j], contact_day[start:stop], contact_kind[start:stop], rules, out)
        start, stop = first_score[j], first_score[j + 1]
        scores(
            j, received[j], ended[j], score_day[start:stop], score_question[start:stop], score[start:stop], out
        )
        outcome(j, rules.specific[complaint[j]], rules, out)


@compiled
def sessions(j: int, received: int, ended: int, days: Array, kinds: Array, rules: Rules, out: Derived) -> None:
    """Dates and counts of the contacts, which come in order of date.

    TherapySession_FirstDate: earliest treatment contact; SecondDate: the second (it may be the same day); LastDate: the
    last. A treatment contact is dated from referral to discharge.
    """
    first_assessment = last_assessment = first = second = last = MISSING
    integrated = integrated_treatment = support = interpreter = MISSING
    attended = treatments = missed = 0
    until = ended - received if ended != MISSING else FAR
    for i in range(len(days)):
        meaning, day = rules.meaning[kinds[i]], received + days[i]
        if meaning & DID_NOT_ATTEND:
            missed += 1
        if not meaning & ATTENDED:
            continue
        attended += 1
        treatment = meaning & TREATMENT and 0 <= days[i] <= until
        if treatment:
            treatments += 1
            if treatments == 1:
                first = day
            elif treatments == 2:
                second = day
            last = day
        if meaning & ASSESSMENT:
            if first_assessment == MISSING:
                first_assessment = day
            last_assessment = day
        if meaning & INTEGRATED:
            if integrated == MISSING:
                integrated = day
            if treatment and integrated_treatment == MISSING:
                integrated_treatment = day
        if meaning & SUPPORT and support == MISSING:
            support = day
        said = rules.interpreter[kinds[i]]
        if said != MISSING and (interpreter == MISSING or said < interpreter):
            interpreter = said
    out.Assessment_FirstDate[j] = first_assessment
    out.Assessment_LastDate[j] = last_assessment
    out.TherapySession_FirstDate[j] = first
    out.TherapySession_SecondDate[j] = second
    out.TherapySession_LastDate[j] = last
    out.IntegratedContact_FirstDate[j] = integrated
    out.IntegratedTreatment_FirstDate[j] = integrated_treatment
    out.EmpSupport_FirstDate[j] = support
    out.InterpreterPresentInd[j] = interpreter
    out.CareContact_Count[j] = attended
    out.TreatmentCareContact_Count[j] = treatments
    out.Appointment_Count[j] = len(days)
    out.DNA_Count[j] = missed
    out.CompletedTreatment_Flag[j] = ended != MISSING and treatments >= 2


@compiled
def scores(
    j: int, received: int, ended: int, days: Array, questions: Array, values: Array, out: Derived
) -> None:
    """FirstScore: earliest valid score from referral to discharge. LastScore: the latest, if of a later day.

    Scores come in order of date and, within a day, lowest first: FirstScore is the lowest of its day and
    LastScore the highest, so that a tie never shows improvement.
    """
    asked = out.first.shape[1]
    first, last = out.first[j], out.last[j]
    for q in range(asked):
        first[q] = last[q] = MISSING
    until = ended - received if ended != MISSING else FAR
    for i in range(len(days)):
        if 0 <= days[i] <= until:
            q = questions[i]
            if first[q] == MISSING:
                first[q] = values[i]
                # Until a later day brings a score, `last` remembers which day the first was of.
                last[q] = -1 - days[i]
            elif last[q] >= 0 or days[i] > -1 - last[q]:
                last[q] = values[i]
    for q in range(asked):
        if last[q] < 0:
            last[q] = MISSING


@compiled
def outcome(j: int, specific: int, rules: Rules, out: Derived) -> None:
    """The flags of the national extract.

    ADSM: the anxiety measure of the presenting complaint, or GAD-7 where that has no usable pair. Caseness_Flag:
    finished, and either first score at caseness. NotCaseness_Flag: finished, both first scores present, neither at
    caseness. Recovery_Flag: Caseness_Flag, paired, both last scores below caseness. ReliableImprovement_Flag: finished,
    paired, at least one score fell by the reliable change and neither rose by it; ReliableDeterioration_Flag the other
    way round; NoChange_Flag neither of the two.
    """
    mood, finished = rules.low_mood, out.CompletedTreatment_Flag[j]
    anxiety = specific if specific >= 0 and out.last[j, specific] != MISSING else rules.fallback
    mood_first, mood_last = out.first[j, mood], out.last[j, mood]
    anxiety_first, anxiety_last = out.first[j, anxiety], out.last[j, anxiety]
    paired = mood_last != MISSING and anxiety_last != MISSING
    # MISSING is below every threshold.
    began = mood_first >= rules.caseness[mood] or anxiety_first >= rules.caseness[anxiety]
    ends = mood_last >= rules.caseness[mood] or anxiety_last >= rules.caseness[anxiety]
    fell = rose = False
    if finished and paired:
        mood_fall, anxiety_fall = mood_first - mood_last, anxiety_first - anxiety_last
        fell = mood_fall >= rules.change[mood] or anxiety_fall >= rules.change[anxiety]
        rose = -mood_fall >= rules.change[mood] or -anxiety_fall >= rules.change[anxiety]
    out.ADSM[j] = anxiety
    out.Paired_Flag[j] = paired
    out.Caseness_Flag[j] = finished and began
    out.NotCaseness_Flag[j] = finished and not began and mood_first != MISSING and anxiety_first != MISSING
    out.Recovery_Flag[j] = finished and began and paired and not ends
    out.ReliableImprovement_Flag[j] = fell and not rose
    out.ReliableDeterioration_Flag[j] = rose and not fell
    out.NoChange_Flag[j] = finished and paired and fell == rose
