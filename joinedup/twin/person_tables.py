"""The tables that describe persons: IDS001 to IDS012, IDS601 and IDS803."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.twin.areas import NO_FIXED_ABODE
from joinedup.twin.drawing import Array
from joinedup.twin.figures import practice
from joinedup.twin.lots import pick
from joinedup.twin.sending import Sending, View, day_column, texts

PRACTICES = 40


def person_tables(sending: Sending, view: View) -> dict[str, pa.Table]:
    """All person tables of one submission."""
    who = sending.population.referrals["person"][view.people]
    ids = sending.patient_ids(view.trust, who)
    return {
        "IDS001": index(sending, view, who, ids),
        "IDS002": registrations(sending, view, who, ids),
        "IDS003": accommodation(sending, view, who, ids),
        "IDS004": employment(sending, view),
        "IDS007": disabilities(sending, view, who, ids),
        "IDS011": circumstances(sending, view, who, ids),
        "IDS012": overseas(sending, view, who, ids),
        "IDS601": diagnoses(sending, view, who, ids),
        "IDS803": clusters(sending, view, who, ids),
    }


def index(sending: Sending, view: View, who: Array, ids: pa.Array) -> pa.Table:
    """IDS001: the person as known at the end of the month."""
    referrals = sending.population.referrals
    missing = sending.fault("nhs_number_missing", who, view.refresh)
    number = pc.if_else(pa.array(missing), None, sending.nhs_numbers.take(pa.array(who)))
    sex = referrals["sex"][view.people]
    identity = np.where(sending.lot("identity", who) < 0.004, "3", np.where(sex == "9", "4", sex))
    stated = (sex != "X") & (sending.lot("identity stated", who) < 0.62)
    studying = sending.lot("education", who)
    same = np.where(~stated, "X", np.where((identity != sex) | (sending.lot("trans", who) < 0.006), "N", "Y"))
    gender = np.where(sending.fault("gender_blank", who, view.refresh) & (sex == "X"), "", sex)
    return sending.table(
        "IDS001",
        {
            "LocalPatientId": ids,
            "OrgIDLocalPatientId": pa.repeat(sending.population.trusts[view.trust], len(who)),
            "NHSNumber": number,
            "NHSNumberStatus": texts(["01", "07"], missing.astype(int)),
            "PersonBirthDate": day_column(referrals["born"][view.people]),
            "Postcode": postcodes(sending, view),
            "Gender": coded(gender),
            "GenderIdentity": coded(np.where(stated, identity, "X")),
            "GenderIdentitySameAtBirth": coded(same),
            "EthnicCategory": ethnicity(sending, view, who),
            "ExBAFIndicator": texts(
                ["03", "02", "05", "UU", "ZZ"], pick([90, 0.6, 0.4, 6, 3], sending.lot("forces", who))
            ),
            "LanguageCodePreferred": languages(sending, view, who),
            "EduEstabTypeIAPT": texts(["8", "3", "2", "X"], pick([86, 7, 2, 5], studying)),
        },
    )


def coded(values: Array) -> pa.Array:
    """Short texts as a column; empty becomes null."""
    known, positions = np.unique(values, return_inverse=True)
    return texts([str(value) for value in known], positions)


def postcodes(sending: Sending, view: View) -> pa.Array:
    """Postcode of the person's latest home; where none is known, missing (or no fixed abode in a spotless
    return)."""
    home = sending.population.referrals["home"][view.people]
    known = pa.array(
        [*sending.population.areas.postcode.tolist(), NO_FIXED_ABODE if not sending.dirt else None]
    )
    return known.take(pa.array(np.where(home < 0, len(known) - 1, home)))


def ethnicity(sending: Sending, view: View, who: Array) -> pa.Array:
    """EthnicCategory: not stated is sent as Z or 99, and in a dirty return also left out or sent as QQ."""
    code = sending.population.referrals["ethnic"][view.people].astype("U2")
    unstated = code == "Z"
    code[unstated & (sending.lot("unknown", who) < 0.4)] = "99"
    code[unstated & sending.fault("ethnicity_blank", who, view.refresh)] = ""
    code[unstated & sending.fault("ethnicity_invalid", who, view.refresh)] = "QQ"
    return coded(code)


def languages(sending: Sending, view: View, who: Array) -> pa.Array:
    """LanguageCodePreferred, with a code that does not exist where the return is dirty."""
    wrong = pa.array(sending.fault("language_invalid", who, view.refresh))
    return pc.if_else(wrong, "zz", sending.chosen("language", who))


def registrations(sending: Sending, view: View, who: Array, ids: pa.Array) -> pa.Table:
    """IDS002: an invented general practice of the borough, registered since some day after birth."""
    referrals = sending.population.referrals
    place = np.floor(sending.lot("practice", who) * PRACTICES).astype(int)
    service = referrals["service"][view.people].astype(int)
    codes = [f"X9{unit:01d}{number:03d}" for unit in range(10) for number in range(PRACTICES)]
    lived = referrals["received"][view.people] - referrals["born"][view.people]
    start = referrals["born"][view.people] + 1 + np.floor(sending.lot("registered", who) * (lived - 2))
    return sending.table(
        "IDS002",
        {
            "LocalPatientId": ids,
            "GMPCodeReg": texts(codes, service * PRACTICES + place),
            "StartDateGMPRegistration": day_column(start),
        },
    )


def accommodation(sending: Sending, view: View, who: Array, ids: pa.Array) -> pa.Table:
    """IDS003: recorded for one person in thirty."""
    some = np.flatnonzero(sending.lot("accommodation", who) < 1 / 30)
    day = sending.population.referrals["received"][view.people][some]
    kind = pick([70, 20, 10], sending.lot("accommodation kind", who[some]))
    return sending.table(
        "IDS003",
        {
            "LocalPatientId": ids.take(pa.array(some)),
            "AccommodationType": texts(["01", "02", "05"], kind),
            "SettledAccommodationInd": texts(["Y", "Y", "N"], kind),
            "AccommodationTypeDate": day_column(day),
        },
    )


def employment(sending: Sending, view: View) -> pa.Table:
    """IDS004: status at the first treatment and, for those who go on, at the last session."""
    referrals = sending.population.referrals
    treated = referrals["sessions"][view.referrals] > 0
    start = view.referrals[treated & (referrals["first"][view.referrals] <= view.month.last)]
    again = (referrals["sessions"][view.referrals] > 2) & (
        referrals["last"][view.referrals] <= view.month.last
    )
    finish = view.referrals[again]
    rows = np.concatenate([start, finish])
    late = np.concatenate([np.zeros(len(start), bool), np.ones(len(finish), bool)])
    day = np.where(late, referrals["last"][rows], referrals["first"][rows])
    shares = practice()["employment"]
    # A person's status changes between the two records for about one in twelve.
    question = np.where(
        late & (sending.lot("status changes", rows) < 0.08),
        sending.lot("later", rows),
        sending.lot("now", rows),
    )
    place = pick(list(shares.values()), question)
    status = np.array(list(shares))[place]
    working = status == "01"
    sick = working & (sending.lot("sick", rows) < np.where(late, 0.09, 0.14))
    unknown = status == "ZZ"
    helped = (sending.lot("employment support", rows) < 0.05) & ~late
    code = np.where(sending.fault("employment_invalid", rows, view.refresh), "11", status)
    return sending.table(
        "IDS004",
        {
            "LocalPatientId": sending.patient_ids(view.trust, referrals["person"][rows]),
            "EmployStatus": coded(code),
            "EmployStatusRecDate": day_column(day),
            "WeekHoursWorked": coded(np.where(working, "01", np.where(unknown, "97", "98"))),
            "SelfEmployInd": coded(np.where(working, "N", np.where(unknown, "Z", "8"))),
            "SickAbsenceInd": coded(np.where(sick, "Y", np.where(working, "N", np.where(unknown, "Z", "8")))),
            "SSPInd": coded(np.where(sick, "Y", "N")),
            "BenefitRecInd": coded(np.where(np.isin(status, ["02", "04"]), "Y", "N")),
            "ESAInd": coded(np.where(status == "04", "Y", "N")),
            "UCInd": coded(np.where(status == "02", "Y", "N")),
            "PIPInd": coded(np.where((status == "04") & (sending.lot("pip", rows) < 0.4), "Y", "N")),
            "EmpSupportInd": coded(np.where(helped, "Y", "NA")),
            "EmpSupportReferral": day_column(day, ~helped),
        },
    )


def disabilities(sending: Sending, view: View, who: Array, ids: pa.Array) -> pa.Table:
    """IDS007: the published mix; no row where no code was recorded."""
    code = sending.population.referrals["disabled"][view.people]
    some = np.flatnonzero(code != "none")
    twice = np.flatnonzero(sending.fault("disability_twice", who[some], view.refresh))
    some = np.concatenate([some, some[twice]])
    return sending.table(
        "IDS007", {"LocalPatientId": ids.take(pa.array(some)), "DisabCode": coded(code[some])}
    )


def circumstances(sending: Sending, view: View, who: Array, ids: pa.Array) -> pa.Table:
    """IDS011: religion, sexual orientation and being a parent of a small child, where recorded."""
    day = sending.population.referrals["received"][view.people]
    parts = [
        pa.table({"id": ids, "code": sending.chosen(name, who), "day": day_column(day)})
        for name in ("religion", "orientation", "perinatal")
    ]
    rows = pa.concat_tables(parts)
    rows = rows.filter(pc.is_valid(rows["code"])).combine_chunks()
    return sending.table(
        "IDS011",
        {
            "LocalPatientId": rows["id"],
            "SocPerCircumstance": rows["code"],
            "SocPerCircumstanceRecDate": rows["day"],
        },
    )


def overseas(sending: Sending, view: View, who: Array, ids: pa.Array) -> pa.Table:
    """IDS012: one person in three hundred."""
    some = np.flatnonzero(sending.lot("overseas", who) < 1 / 300)
    kind = pick([6, 3, 1], sending.lot("overseas kind", who[some]))
    return sending.table(
        "IDS012",
        {
            "LocalPatientId": ids.take(pa.array(some)),
            "OvsVisChCat": texts(["A", "B", "P"], kind),
            "OvsVisChCatAppDate": day_column(sending.population.referrals["received"][view.people][some]),
        },
    )


def diagnoses(sending: Sending, view: View, who: Array, ids: pa.Array) -> pa.Table:
    """IDS601: an earlier diagnosis, for one person in fifty."""
    some = np.flatnonzero(sending.lot("diagnosis", who) < 1 / 50)
    before = 100 + np.floor(sending.lot("diagnosed", who[some]) * 1500)
    return sending.table(
        "IDS601",
        {
            "LocalPatientId": ids.take(pa.array(some)),
            "DiagSchemeInUse": pa.repeat("02", len(some)),
            "PrevDiag": texts(["F329", "F411"], pick([1, 1], sending.lot("diagnosis kind", who[some]))),
            "DiagDate": day_column(sending.population.referrals["received"][view.people][some] - before),
        },
    )


def clusters(sending: Sending, view: View, who: Array, ids: pa.Array) -> pa.Table:
    """IDS803: few services still record clusters; one person in two hundred."""
    some = np.flatnonzero(sending.lot("cluster", who) < 1 / 200)
    kind = pick([2, 4, 4, 1], sending.lot("cluster kind", who[some]))
    return sending.table(
        "IDS803",
        {
            "LocalPatientId": ids.take(pa.array(some)),
            "AMHCareClustCodeFin": texts(["01", "02", "03", "04"], kind),
            "StartDateCareClust": day_column(sending.population.referrals["received"][view.people][some]),
            "StartTimeCareClust": pa.repeat("09:00:00", len(some)),
        },
    )
