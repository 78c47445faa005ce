"""The tables that hang on a referral: IDS101, 105, 108, 205, 602, 603 and 606."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.twin.drawing import Array
from joinedup.twin.figures import practice, read, services
from joinedup.twin.flags import questionnaires
from joinedup.twin.lots import pick
from joinedup.twin.person_tables import coded
from joinedup.twin.sending import Sending, View, day_column, texts

EXPERIENCE = ("747901000000107", "747911000000109", "747921000000103", "747931000000101", "747941000000105",
              "747951000000108")  # fmt: skip


def referral_tables(sending: Sending, view: View) -> dict[str, pa.Table]:
    """All tables of referrals of one submission."""
    return {
        "IDS101": requests(sending, view),
        "IDS105": onward(sending, view),
        "IDS108": pauses(sending, view),
        "IDS205": internet(sending, view),
        "IDS602": conditions(sending, view),
        "IDS603": complaints(sending, view),
        "IDS606": forms(sending, view),
    }


def ids_of(sending: Sending, rows: Array) -> pa.Array:
    """ServiceRequestId of some referrals."""
    return sending.request_ids.take(pa.array(rows))


def requests(sending: Sending, view: View) -> pa.Table:
    """IDS101; a few persons have a second referral that was closed unseen while the first went on."""
    referrals, rows = sending.population.referrals, view.referrals
    long = referrals["end"][rows] - referrals["received"][rows] > 40
    extra = np.flatnonzero(long & sending.share("extra_referral", rows))
    closes = referrals["received"][rows[extra]] + 12
    extra = extra[(referrals["received"][rows[extra]] + 5 <= view.month.last) & (closes >= view.month.first)]
    all_rows = np.concatenate([rows, rows[extra]])
    second = np.arange(len(all_rows)) >= len(rows)
    received = referrals["received"][all_rows] + np.where(second, 5, 0)
    end = np.where(second, referrals["received"][all_rows] + 12, referrals["end"][all_rows])
    ended = np.concatenate([view.ended, np.ones(len(extra), bool)]) & (end <= view.month.last)
    ids = ids_of(sending, all_rows)
    code = np.where(second, "50", end_codes(sending, view, all_rows))
    shares = practice()["source_of_referral"]
    onset = received - 30 - np.floor(sending.lot("onset", all_rows) * 2000)
    onset = np.maximum(onset, referrals["born"][all_rows] + 32)
    return sending.table(
        "IDS101",
        {
            "ServiceRequestId": pc.if_else(pa.array(second), pc.replace_substring(ids, "R", "RX"), ids),
            "LocalPatientId": sending.patient_ids(view.trust, referrals["person"][all_rows]),
            "OrgIDComm": pa.repeat(read("places")["commissioner"], len(all_rows)),
            "ReferralRequestReceivedDate": day_column(received),
            "SourceOfReferralIAPT": texts(list(shares), referrals["source"][all_rows]),
            "OnsetDate": coded(onset.astype("datetime64[D]").astype("datetime64[M]").astype("U7")),
            "PrevDiagCondInd": texts(
                ["N", "Y", "U", "Z"], pick([60, 25, 12, 3], sending.lot("previous", all_rows))
            ),
            "EndCode": coded(np.where(ended, code, "")),
            "ServDischDate": day_column(end, ~ended),
        },
    )


def end_codes(sending: Sending, view: View, rows: Array) -> Array:
    """EndCode by how far the referral came; missing or invalid as often as the service publishes (dirt
    only)."""
    referrals, rules = sending.population.referrals, practice()
    sessions, seen = referrals["sessions"][rows], referrals["seen"][rows]
    kinds = np.where(sessions > 1, 3, np.where(sessions == 1, 2, np.where(seen, 1, 0)))
    code = np.full(len(rows), "50", dtype="U2")
    for kind, name in enumerate(
        ("end_code_untreated", "end_code_seen", "end_code_once", "end_code_finished")
    ):
        here = kinds == kind
        shares = rules[name]
        code[here] = np.array(list(shares))[pick(list(shares.values()), sending.lot("end code", rows[here]))]
    if sending.dirt:
        faults = np.array(
            [[s.means.get(m, 0.0) / s.means["M056"] for m in ("M072", "M071")] for s in services()]
        )
        blank, invalid = faults[referrals["service"][rows]].T * min(1.0, sending.dirt)
        draw = sending.lot("end code fault", rows)
        code[draw < blank] = ""
        code[(draw >= blank) & (draw < blank + invalid)] = "15"
    return code


def within(view: View, days: Array) -> Array:
    """True for the days of the month."""
    return (days >= view.month.first) & (days <= view.month.last)


def onward(sending: Sending, view: View) -> pa.Table:
    """IDS105: referred on when the referral ended, for one in twenty of those not taken on."""
    referrals = sending.population.referrals
    rows = view.referrals[view.ended & within(view, referrals["end"][view.referrals])]
    rows = rows[(referrals["sessions"][rows] == 0) & (sending.lot("onward", rows) < 0.05)]
    other = sending.population.trusts[1 - view.trust]
    return sending.table(
        "IDS105",
        {
            "ServiceRequestId": ids_of(sending, rows),
            "OnwardReferDate": day_column(referrals["end"][rows]),
            "OnwardReferTime": pa.repeat("12:00:00", len(rows)),
            "OnwardReferReason": texts(["03", "02"], pick([7, 3], sending.lot("onward reason", rows))),
            "OrgIDReceiving": pa.repeat(other, len(rows)),
        },
    )


def pauses(sending: Sending, view: View) -> pa.Table:
    """IDS108: a pause of ten days in one referral in two hundred, sent in the month in which it begins."""
    referrals, rows = sending.population.referrals, view.referrals
    start = referrals["received"][rows] + 6
    some = (
        within(view, start) & (sending.lot("pause", rows) < 1 / 200) & (referrals["end"][rows] > start + 11)
    )
    rows, start = rows[some], start[some]
    return sending.table(
        "IDS108",
        {
            "PauseID": pa.repeat("P1", len(rows)),
            "ServiceRequestId": ids_of(sending, rows),
            "PauseStartDate": day_column(start),
            "PauseEndDate": day_column(start + 10, start + 10 > view.month.last),
            "PauseReason": texts(["01", "02", "03"], pick([4, 3, 3], sending.lot("pause reason", rows))),
        },
    )


def internet(sending: Sending, view: View) -> pa.Table:
    """IDS205: one log of three weeks from the first session, for the share of people treated with a
    programme."""
    referrals, rows = sending.population.referrals, view.referrals
    end = referrals["first"][rows] + 21
    some = within(view, end) & (referrals["sessions"][rows] > 1) & (referrals["end"][rows] >= end)
    rows = rows[some & sending.share("internet_therapy", rows)]
    return sending.table(
        "IDS205",
        {
            "ServiceRequestId": ids_of(sending, rows),
            "StartDateIntEnabledTherLog": day_column(referrals["first"][rows]),
            "EndDateIntEnabledTherLog": day_column(referrals["first"][rows] + 21),
            "IntEnabledTherProg": pa.repeat("Programme1", len(rows)),
            "DurationIntEnabledTher": pa.array(
                20 + np.floor(sending.lot("minutes", rows) * 40).astype(np.int32)
            ),
            "CarePersLocalId": texts(["W001", "W002"], pick([1, 1], sending.lot("worker", rows))),
            "IntegratedSoftwareInd": pa.repeat("Y", len(rows)),
        },
    )


def conditions(sending: Sending, view: View) -> pa.Table:
    """IDS602: long-term conditions, where the service records them."""
    rates = practice()["long_term_condition"]
    rate = np.array([rates.get(s.code, 0.0) for s in services()])[
        sending.population.referrals["service"][view.referrals]
    ]
    rows = view.referrals[sending.lot("long term", view.referrals) < rate]
    return sending.table(
        "IDS602",
        {
            "ServiceRequestId": ids_of(sending, rows),
            "FindSchemeInUse": pa.repeat("04", len(rows)),
            "LongTermCondition": sending.chosen("condition", rows),
        },
    )


def complaints(sending: Sending, view: View) -> pa.Table:
    """IDS603: the presenting problem from the first treatment on, and for one in twenty a second one."""
    referrals = sending.population.referrals
    known = (referrals["problem"][view.referrals] != "none") & (
        referrals["first"][view.referrals] <= view.month.last
    )
    rows = view.referrals[known & (referrals["sessions"][view.referrals] > 0)]
    more = rows[(sending.lot("second problem", rows) < 0.05) & (referrals["problem"][rows] != "F419")]
    code = np.concatenate([referrals["problem"][rows], np.full(len(more), "F419")])
    both = np.concatenate([rows, more])
    return sending.table(
        "IDS603",
        {
            "ServiceRequestId": ids_of(sending, both),
            "FindSchemeInUse": pa.repeat("01", len(both)),
            "PresComp": coded(code),
            "PresCompCodSig": texts(["1", "2"], (np.arange(len(both)) >= len(rows)).astype(int)),
            "PresCompDate": day_column(referrals["first"][both]),
        },
    )


def forms(sending: Sending, view: View) -> pa.Table:
    """IDS606: first scores returned before the first appointment, and the experience questionnaire at the
    end."""
    referrals, rows = sending.population.referrals, view.referrals
    day = referrals["received"][rows] + 1
    early = within(view, day) & (referrals["sessions"][rows] > 1) & referrals["paired"][rows]
    early &= (referrals["first"][rows] > day + 1) & ~referrals["assessed_apart"][rows]
    before = rows[early & sending.share("baseline_by_form", rows)]
    known = questionnaires()
    parts = [
        (before, known[0].snomed[0], referrals["phq_first"]),
        (before, known[1].snomed[0], referrals["gad_first"]),
    ]
    parts += [
        (before[referrals["measure"][before] == place], code, referrals["specific_first"])
        for place, q in enumerate(known) if place > 1 for code in q.snomed
    ]  # fmt: skip
    tables = [answered(sending, part, code, score_texts(values[part]), referrals["received"][part] + 1)
              for part, code, values in parts]  # fmt: skip
    after = rows[within(view, referrals["last"][rows]) & (referrals["sessions"][rows] > 1)]
    after = after[sending.share("experience_answered", after)]
    for question in EXPERIENCE:
        mark = texts(["4", "3", "2", "1", "0"], pick([60, 26, 9, 3, 2], sending.lot(question, after)))
        tables.append(answered(sending, after, question, mark, referrals["last"][after]))
    return pa.concat_tables(tables).combine_chunks()


def score_texts(values: Array) -> pa.Array:
    """Scores as trusts write them: whole numbers plain, others with two decimals."""
    hundredths = np.round(values * 100).astype(np.int64)
    known, positions = np.unique(hundredths, return_inverse=True)
    return texts([f"{v // 100}" if v % 100 == 0 else f"{v / 100:.2f}" for v in known.tolist()], positions)


def answered(sending: Sending, rows: Array, code: str, score: pa.Array, day: Array) -> pa.Table:
    """Rows of IDS606 for one question."""
    return sending.table(
        "IDS606",
        {
            "ServiceRequestId": ids_of(sending, rows),
            "CodedAssToolType": pa.repeat(code, len(rows)),
            "PersScore": score,
            "AssToolCompDate": day_column(day),
            "AssToolCompTime": pa.repeat("08:00:00", len(rows)),
        },
    )
