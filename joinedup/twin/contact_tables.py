"""The tables of appointments: IDS201, IDS202 and IDS607; and the staff of IDS902."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.twin.contacts import APP_TYPES, Kind
from joinedup.twin.drawing import Array
from joinedup.twin.figures import practice, read, services
from joinedup.twin.flags import questionnaires
from joinedup.twin.lots import pick
from joinedup.twin.person_tables import coded
from joinedup.twin.referral_tables import ids_of, score_texts
from joinedup.twin.sending import Sending, View, day_column, serial, texts

WSAS = ("932621000000100", "932581000000100", "932611000000106", "932591000000103", "932601000000109")
STAFF = 60


def contact_tables(sending: Sending, view: View) -> dict[str, pa.Table]:
    """All tables of appointments of one submission."""
    rows = sending.population.appointments
    attended = view.appointments[rows["kind"][view.appointments] != Kind.MISSED]
    return {
        "IDS201": contacts(sending, view),
        "IDS202": activities(sending, attended),
        "IDS607": scores(sending, view, attended),
        "IDS902": staff(sending, view),
    }


def contacts(sending: Sending, view: View) -> pa.Table:
    """IDS201, with faults on missed appointments only, so that no outcome hangs on one."""
    rows, referrals = sending.population.appointments, sending.population.referrals
    chosen = view.appointments
    gone = rows["kind"][chosen] == Kind.MISSED
    again = gone & sending.fault("contact_twice", chosen, view.refresh)
    chosen = np.concatenate([chosen, chosen[again]])
    missed = rows["kind"][chosen] == Kind.MISSED
    who = rows["referral"][chosen]
    day = rows["day"][chosen].copy()
    early = missed & sending.fault("before_referral", chosen, view.refresh)
    early &= referrals["received"][who] - 3 >= view.month.first
    day[early] = referrals["received"][who][early] - 3
    attend = rows["attend"][chosen].copy()
    attend[missed & sending.fault("attendance_invalid", chosen, view.refresh)] = "9"
    hour = np.floor(sending.lot("hour", chosen) * 9).astype(int)
    clock = [f"{hour + 9:02d}:{minute}:00" for minute in ("00", "30") for hour in range(9)]
    group = ~missed & (sending.lot("group", chosen) < 0.06)
    integrated = np.array([min(1.0, s.means.get("M271", 0) / s.means["M031"]) for s in services()])
    joined = sending.lot("integrated", who) < integrated[referrals["service"][who]]
    slot = sending.lot("slot", chosen)
    site = texts([s.code for s in services()], referrals["service"][who])
    lost = pa.array(
        missed & (referrals["decile"][who] > 0) & sending.fault("site_blank", chosen, view.refresh)
    )
    return sending.table(
        "IDS201",
        {
            "CareContactId": serial("C", chosen, 9),
            "ServiceRequestId": ids_of(sending, who),
            "CareContDate": day_column(day),
            "CareContTime": texts(clock, hour + 9 * missed),
            "OrgIDComm": pa.repeat(read("places")["commissioner"], len(chosen)),
            "PlannedCareContIndicator": pa.repeat("Y", len(chosen)),
            "AttendOrDNACode": coded(attend),
            "Cancellation": texts(["", "N", "Y"], np.where(attend == "2", 1 + (slot < 0.4), 0)),
            "ClinContDurOfCareCont": pa.array((30 + 10 * (hour % 4)).astype(np.int32), mask=missed),
            "IAPTLTCServiceInd": texts(["N", "Y"], joined.astype(int)),
            "AppType": texts(APP_TYPES, rows["kind"][chosen]),
            "ConsMechanism": mechanisms(sending, view, chosen, who),
            "CareContPatientTherMode": texts(["1", "3"], group.astype(int)),
            "NumGroupTherParticipants": pa.array(np.full(len(chosen), 8, np.int32), mask=~group),
            "NumGroupTherFacilitators": pa.array(np.full(len(chosen), 2, np.int32), mask=~group),
            "PsychMed": texts(["03", "02", "01", "UU"], pick([62, 30, 4, 4], sending.lot("medication", who))),
            "ActLocTypeCode": texts(["B01", "A01", "E01"], pick([4, 3, 3], sending.lot("place", who))),
            "SiteIDOfTreat": pc.if_else(lost, None, site),
            "LanguageCodeTreat": texts(["en", "ar", "pl"], pick([96, 2, 2], sending.lot("spoken", who))),
            "InterpreterPresentInd": sending.chosen("interpreter", who),
        },
    )  # fmt: skip


def mechanisms(sending: Sending, view: View, chosen: Array, who: Array) -> pa.Array:
    """ConsMechanism; missing as often as the service publishes (M1009), if the return is dirty."""
    shares = practice()["mechanism"]
    place = pick(list(shares.values()), sending.lot("mechanism", who))
    other = sending.lot("mechanism now", chosen) < 0.2
    place = np.where(other, pick(list(shares.values()), sending.lot("mechanism then", chosen)), place)
    means = [s.means for s in services()]
    missing = np.array(
        [min(1.0, m.get("M1009", 0.0) / (m["M086"] + m.get("M087", 0.0)) / 0.8) for m in means]
    )
    service = sending.population.referrals["service"][who]
    absent = sending.lot("mechanism missing", chosen) < missing[service] * min(1.0, sending.dirt)
    return texts(list(shares), place, absent)


def activities(sending: Sending, attended: Array) -> pa.Table:
    """IDS202: one activity for each attended appointment, naming the therapy."""
    rows = sending.population.appointments
    therapeutic = ~np.isin(rows["kind"][attended], [Kind.ASSESSMENT, Kind.FOLLOW_UP])
    code = np.where(therapeutic, rows["therapy"][attended], "")
    staff_number = np.floor(sending.lot("worker", rows["referral"][attended]) * STAFF).astype(int)
    return sending.table(
        "IDS202",
        {
            "CareActId": serial("A", attended, 9),
            "CareContactId": serial("C", attended, 9),
            "CarePersLocalId": texts([f"W{n + 1:03d}" for n in range(STAFF)], staff_number),
            "ClinContactDurOfCareAct": pa.array((30 + 10 * (staff_number % 4)).astype(np.int32)),
            "CodeProcAndProcStatus": coded(code),
        },
    )


def scores(sending: Sending, view: View, attended: Array) -> pa.Table:
    """IDS607: PHQ-9, GAD-7 and the specific measure at every scored appointment, the adjustment scale at
    some."""
    rows, referrals = sending.population.appointments, sending.population.referrals
    known = questionnaires()
    scored = attended[rows["scored"][attended]]
    parts: list[tuple[Array, str, Array]] = [
        (scored, known[0].snomed[0], rows["phq"][scored]),
        (scored, known[1].snomed[0], rows["gad"][scored]),
    ]
    measure = referrals["measure"][rows["referral"][scored]]
    for place, q in enumerate(known[2:], start=2):
        here = scored[measure == place]
        parts += [(here, code, rows["specific"][here]) for code in q.snomed]
    adjusting = scored[(rows["place"][scored] % 5 == 0) | (rows["place"][scored] == rows["many"][scored] - 1)]
    for item, code in enumerate(WSAS):
        parts.append((adjusting, code, adjustment(sending, view, adjusting, item)))
    where = np.concatenate([part[0] for part in parts])
    tool = np.concatenate([np.full(len(part[0]), place, np.int16) for place, part in enumerate(parts)])
    value = np.concatenate([part[2] for part in parts])
    order = np.lexsort((tool, where))
    where, tool, value = where[order], tool[order], value[order]
    orphan = (tool >= len(parts) - 4) & sending.fault("activity_unknown", where * 8 + tool, view.refresh)
    return sending.table(
        "IDS607",
        {
            "CareActId": serial("A", np.where(orphan, where + 900_000_000, where), 9),
            "CodedAssToolType": texts([part[1] for part in parts], tool),
            "PersScore": score_texts(value),
        },
    )


def adjustment(sending: Sending, view: View, chosen: Array, item: int) -> Array:
    """Scores of one item of the work and social adjustment scale, following the PHQ-9."""
    wander = sending.lot(f"adjustment {item}", chosen) * 4 - 2
    value = np.clip(np.round(0.9 + sending.population.appointments["phq"][chosen] * 0.17 + wander), 0, 8)
    wrong = sending.fault("score_out_of_range", chosen * 8 + item, view.refresh)
    return np.where(wrong, 12.0, value)


def staff(sending: Sending, view: View) -> pa.Table:
    """IDS902: qualifications of the trust's staff; those in training have a planned date instead of an
    award."""
    number = np.arange(STAFF)
    trainee = number % 6 == 0
    level = np.where(number % 3 == 0, 0, np.where(number % 3 == 1, 1, 2))
    awarded = view.month.first - 400 - number * 37
    return sending.table(
        "IDS902",
        {
            "CarePersLocalId": texts([f"W{n + 1:03d}" for n in range(STAFF)], number),
            "QualAttainLevelIAPT": texts(["10", "11", "12"], level),
            "QualAwardedDate": day_column(awarded, trainee),
            "QualPlannedCompletionDate": day_column(np.full(STAFF, view.month.last + 200), ~trainee),
        },
    )
