"""The national derivations as compiled loops over a clustered record: one pass, each row read once.

This module imports numba; import it where it is used. Every code, threshold and choice comes in through `Rules`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from joinedup.compiling import compiled
from joinedup.journeys.clustered import MISSING

Array = NDArray[Any]

# What the kind of a contact says, as bits.
ATTENDED, TREATMENT, ASSESSMENT, DID_NOT_ATTEND, SUPPORT, INTEGRATED, INTERPRETER = 1, 2, 4, 8, 16, 32, 64
RARE = SUPPORT | INTEGRATED | INTERPRETER

FAR = np.iinfo(np.int32).max
NONE = np.iinfo(np.int32).min
"""A day that has not come, in days since the referral."""


class Rules(NamedTuple):
    """What the derivations look for, as arrays.

    `meaning`: bits per kind of contact (TREATMENT before the dates are looked at). `interpreter`: per kind, the place
    of its interpreter code in the order of the codes, MISSING where it says nothing.
    `caseness` and `change`: per question, the lowest score at caseness and the least reliable change, in hundredths
    (MISSING where the question decides nothing). `low_mood` and `fallback`: questions. `specific`: per presenting
    complaint, the question of its own anxiety measure, -1 where it has none.
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


# One loop over all journeys in each function: a call per journey would count references of every array each time,
# which took ten times as long as the derivation.


@compiled
def said(meaning: int, day: int, until: int) -> int:
    """What a contact so many days after the referral was, as bits; `until` is the day of discharge.

    What did not take place is nothing but missed. A treatment contact is dated from referral to discharge.
    """
    if not meaning & ATTENDED:
        return meaning & DID_NOT_ATTEND
    return meaning if 0 <= day <= until else meaning & ~TREATMENT


@compiled
def judge(
    received: Array, ended: Array, referral: Array, day: Array, kind: Array, meaning: Array, bits: Array
) -> None:
    """What each contact was, into `bits`: contacts in any order, days since 1970-01-01."""
    for i in range(len(kind)):
        j = referral[i]
        until = ended[j] - received[j] if ended[j] != MISSING else FAR
        bits[i] = said(meaning[kind[i]], day[i] - received[j], until)


@compiled
def sessions(
    received: Array,
    ended: Array,
    first_contact: Array,
    contact_day: Array,
    contact_kind: Array,
    rules: Rules,
    out: Derived,
) -> None:
    """Dates and counts of the contacts of each journey, which come in order of date.

    TherapySession_FirstDate: earliest treatment contact; SecondDate: the second (it may be the same day); LastDate: the
    last. A treatment contact is dated from referral to discharge. The arrays are those of a `Clustered`.
    """
    for j in range(len(received)):
        first_assessment = last_assessment = first = second = last = NONE
        attended = treatments = missed = 0
        until = ended[j] - received[j] if ended[j] != MISSING else FAR
        for i in range(first_contact[j], first_contact[j + 1]):
            day = contact_day[i]
            was = said(rules.meaning[contact_kind[i]], day, until)
            if was & DID_NOT_ATTEND:
                missed += 1
            if not was & ATTENDED:
                continue
            attended += 1
            if was & TREATMENT:
                treatments += 1
                if treatments == 1:
                    first = day
                elif treatments == 2:
                    second = day
                last = day
            if was & ASSESSMENT:
                if first_assessment == NONE:
                    first_assessment = day
                last_assessment = day
        out.Assessment_FirstDate[j] = on(received[j], first_assessment)
        out.Assessment_LastDate[j] = on(received[j], last_assessment)
        out.TherapySession_FirstDate[j] = on(received[j], first)
        out.TherapySession_SecondDate[j] = on(received[j], second)
        out.TherapySession_LastDate[j] = on(received[j], last)
        out.CareContact_Count[j] = attended
        out.TreatmentCareContact_Count[j] = treatments
        out.Appointment_Count[j] = first_contact[j + 1] - first_contact[j]
        out.DNA_Count[j] = missed
        out.CompletedTreatment_Flag[j] = ended[j] != MISSING and treatments >= 2


@compiled
def besides(
    received: Array,
    ended: Array,
    first_contact: Array,
    contact_day: Array,
    contact_kind: Array,
    rules: Rules,
    out: Derived,
) -> None:
    """What few contacts say: integrated care, employment support, an interpreter. Arguments as of `sessions`."""
    for j in range(len(received)):
        integrated = integrated_treatment = support = interpreter = NONE
        until = ended[j] - received[j] if ended[j] != MISSING else FAR
        for i in range(first_contact[j], first_contact[j + 1]):
            kind, day = contact_kind[i], contact_day[i]
            if not rules.meaning[kind] & RARE:
                continue
            was = said(rules.meaning[kind], day, until)
            if was & INTEGRATED and integrated == NONE:
                integrated = day
            if was & INTEGRATED and was & TREATMENT and integrated_treatment == NONE:
                integrated_treatment = day
            if was & SUPPORT and support == NONE:
                support = day
            if was & INTERPRETER and (interpreter == NONE or rules.interpreter[kind] < interpreter):
                interpreter = rules.interpreter[kind]
        out.IntegratedContact_FirstDate[j] = on(received[j], integrated)
        out.IntegratedTreatment_FirstDate[j] = on(received[j], integrated_treatment)
        out.EmpSupport_FirstDate[j] = on(received[j], support)
        out.InterpreterPresentInd[j] = on(0, interpreter)


@compiled
def on(received: int, day: int) -> int:
    """The date that is so many days after the referral."""
    return MISSING if day == NONE else received + day


@compiled
def scores(
    received: Array,
    ended: Array,
    first_score: Array,
    score_day: Array,
    score_question: Array,
    score: Array,
    out: Derived,
) -> None:
    """FirstScore: earliest valid score from referral to discharge. LastScore: the latest, if of a later day.

    Scores come in order of date and, within a day, lowest first: FirstScore is the lowest of its day and
    LastScore the highest, so that a tie never shows improvement. The arrays are those of a `Clustered`.
    """
    first, last = out.first, out.last
    day_of_first = np.empty(first.shape[1], np.int32)
    for j in range(len(received)):
        first[j], last[j] = MISSING, MISSING
        until = ended[j] - received[j] if ended[j] != MISSING else FAR
        for i in range(first_score[j], first_score[j + 1]):
            q, day = score_question[i], score_day[i]
            if not 0 <= day <= until:
                continue
            if first[j, q] == MISSING:
                first[j, q] = score[i]
                day_of_first[q] = day
            elif day > day_of_first[q]:
                last[j, q] = score[i]


@compiled
def outcome(complaint: Array, rules: Rules, out: Derived) -> None:
    """The flags of the national extract. `complaint` is the code of the presenting complaint.

    ADSM: the anxiety measure of the presenting complaint, or GAD-7 where that has no usable pair. Caseness_Flag:
    finished, and either first score at caseness. NotCaseness_Flag: finished, both first scores present, neither at
    caseness. Recovery_Flag: Caseness_Flag, paired, both last scores below caseness. ReliableImprovement_Flag: finished,
    paired, at least one score fell by the reliable change and neither rose by it; ReliableDeterioration_Flag the other
    way round; NoChange_Flag neither of the two.
    """
    mood = rules.low_mood
    for j in range(len(complaint)):
        finished, specific = out.CompletedTreatment_Flag[j], rules.specific[complaint[j]]
        anxiety = specific if specific >= 0 and out.last[j, specific] != MISSING else rules.fallback
        mood_first, mood_last = out.first[j, mood], out.last[j, mood]
        anxiety_first, anxiety_last = out.first[j, anxiety], out.last[j, anxiety]
        paired = MISSING not in (mood_last, anxiety_last)
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
        out.NotCaseness_Flag[j] = finished and not began and MISSING not in (mood_first, anxiety_first)
        out.Recovery_Flag[j] = finished and began and paired and not ends
        out.ReliableImprovement_Flag[j] = fell and not rose
        out.ReliableDeterioration_Flag[j] = rose and not fell
        out.NoChange_Flag[j] = finished and paired and fell == rose
