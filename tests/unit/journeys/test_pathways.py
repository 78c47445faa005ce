"""Which referrals are one pathway, which contacts are treatment, and what is known of the person."""

from __future__ import annotations

import hashlib
from datetime import date

import pyarrow as pa
import pytest

from joinedup.definitions.pathway import Pathway
from joinedup.definitions.places import Places
from joinedup.definitions.thresholds import Thresholds
from joinedup.journeys import derive
from joinedup.journeys.tables import ANSWERS, CONTACTS, EVENTS, JOURNEYS
from joinedup.linkage.arriving import LINKS
from tests.unit.journeys.drawn import journey, made, table

HEAD = "provider ServiceRequestId person_id ReferralRequestReceivedDate ServDischDate EndCode\n"
CONTACT = "CareContactId ServiceRequestId CareContDate AttendOrDNACode AppType\n"


def spans(referrals: str) -> list[tuple[str, str | None]]:
    rows = made(IDS101=HEAD + referrals).journeys.to_pylist()
    return sorted(
        (str(row["ReferralRequestReceivedDate"]), row["ServDischDate"] and str(row["ServDischDate"]))
        for row in rows
    )


@pytest.mark.parametrize(
    ("referrals", "expected"),
    [
        (
            "RV3 R1 P1 2025-01-01 2025-02-01 46\nRV3 R2 P1 2025-02-01 2025-03-01 47",
            [("2025-01-01", "2025-03-01")],
        ),
        (
            "RV3 R1 P1 2025-01-01 2025-02-01 46\nRV3 R2 P1 2025-02-02 2025-03-01 47",
            [("2025-01-01", "2025-02-01"), ("2025-02-02", "2025-03-01")],
        ),
        ("RV3 R1 P1 2025-01-01 - -\nRV3 R2 P1 2025-05-01 2025-06-01 46", [("2025-01-01", None)]),
        (  # the long one bridges two that do not touch
            "RV3 R1 P1 2025-01-01 2025-01-05 46\nRV3 R2 P1 2025-01-02 2025-03-01 46\n"
            "RV3 R3 P1 2025-02-01 2025-02-05 46",
            [("2025-01-01", "2025-03-01")],
        ),
        (  # another trust, another person
            "RV3 R1 P1 2025-01-01 - -\nRKL R1 P1 2025-01-01 - -\nRV3 R2 P2 2025-01-01 - -",
            [("2025-01-01", None)] * 3,
        ),
    ],
)  # fmt: skip
def test_overlapping_referrals_at_one_provider_are_one_pathway(
    referrals: str, expected: list[tuple[str, str | None]]
) -> None:
    assert spans(referrals) == expected


def linked(referrals: str, *links: tuple[str, str | None]) -> list[tuple[str, str]]:
    """Provider and person of every pathway, where the way in found that people stand for others."""
    person, other = zip(*links, strict=True)
    tables = {
        "IDS101": table("IDS101", HEAD + referrals),
        "links": pa.table(
            {"person_id": person, "joined_id": other, "rule": ["x"] * len(links)}, schema=LINKS
        ),
    }
    found = derive(
        tables,
        places=Places.load(),
        pathway=Pathway.load("talking_therapies"),
        thresholds=Thresholds.load(),
    )
    return sorted((row["provider"], row["person_id"]) for row in found.journeys.to_pylist())


def test_whoever_was_found_to_be_known_by_a_number_is_one_person_with_it() -> None:
    one = "RV3 R1 P1 2025-01-01 - -\nRV3 R2 P2 2025-02-01 - -"
    assert linked(one, ("P9", "P8")) == [("RV3", "P1"), ("RV3", "P2")]
    assert linked(one, ("P2", "P1")) == [("RV3", "P1")]
    assert linked(one, ("P2", None)) == [("RV3", "P1"), ("RV3", "P2")]  # two spoke for P2: neither was taken
    over_trusts = "RV3 R1 P1 2025-01-01 - -\nRKL R2 P2 2025-02-01 - -"
    assert linked(over_trusts, ("P2", "P1")) == [("RKL", "P1"), ("RV3", "P1")]


def test_a_pathway_is_named_after_its_first_referral_and_ends_like_its_last() -> None:
    referrals = "RV3 R2 P1 2025-01-01 2025-06-01 46\nRV3 R1 P1 2025-02-01 2025-05-01 47"
    row = journey(IDS101=HEAD + referrals)
    assert row["pathway_id"] == hashlib.sha256(b"RV3:R2").hexdigest()[:32]
    assert (row["ServDischDate"], row["EndCode"]) == (date(2025, 6, 1), "46")


def test_a_referral_sent_again_counts_once_as_last_sent() -> None:
    referrals = """
    period  ServiceRequestId person_id ReferralRequestReceivedDate ServDischDate EndCode
    2025-05 R1               P1        2025-01-06                  2025-05-20    10
    2025-06 R1               P1        2025-01-06                  -             -
    2025-04 R1               P1        2025-01-05                  -             -
    """
    row = journey(IDS101=referrals)
    assert (row["ReferralRequestReceivedDate"], row["ServDischDate"]) == (date(2025, 1, 6), None)


def test_people_still_waiting_are_journeys_too() -> None:
    row = journey(IDS101=HEAD + "RV3 R1 P1 2025-06-20 - -")
    assert (row["stage"], row["Appointment_Count"], row["CompletedTreatment_Flag"]) == ("referred", 0, False)


@pytest.mark.parametrize(
    ("contacts", "first", "second", "count", "finished"),
    [
        ("C1 R1 2025-02-03 5 02\nC2 R1 2025-03-03 6 05", "2025-02-03", "2025-03-03", 2, True),
        (
            "C1 R1 2025-02-03 5 02\nC2 R1 2025-02-03 5 03",
            "2025-02-03",
            "2025-02-03",
            2,
            True,
        ),  # two on one day
        ("C1 R1 2025-02-03 5 02\nC2 R1 2025-03-03 5 06", "2025-02-03", None, 1, False),  # follow-up
        ("C1 R1 2025-02-03 5 02\nC2 R1 2025-03-03 3 02", "2025-02-03", None, 1, False),  # did not attend
        ("C1 R1 2025-02-03 5 02\nC2 R1 2025-07-01 5 02", "2025-02-03", None, 1, False),  # after the discharge
        ("C1 R1 2025-02-03 5 01\nC2 R1 2025-03-03 5 04", None, None, 0, False),  # assessment, review only
    ],
)
def test_treatment_contacts(
    contacts: str, first: str | None, second: str | None, count: int, finished: bool
) -> None:
    row = journey(IDS201=CONTACT + contacts)
    found = [row[f"TherapySession_{end}Date"] for end in ("First", "Second")]
    assert [day and str(day) for day in found] == [first, second]
    assert (row["TreatmentCareContact_Count"], row["CompletedTreatment_Flag"]) == (count, finished)


@pytest.mark.parametrize(
    ("activities", "treated", "supported"),
    [
        ("A1 C1 1098051000000103", False, True),  # employment support only
        ("A1 C1 1098051000000103\nA2 C1 304891004", True, True),
        ("A1 C1 1098051000000103\nA2 C1 -", True, True),  # something else was done, whatever it was
        ("A1 C1 304891004:408730004=443390004", True, False),
        ("A1 C9 1098051000000103", True, False),  # of another contact
    ],
)
def test_employment_support_alone_is_no_treatment(activities: str, treated: bool, supported: bool) -> None:
    row = journey(
        IDS201=CONTACT + "C1 R1 2025-02-03 5 02",
        IDS202="CareActId CareContactId CodeProcAndProcStatus\n" + activities,
    )
    assert (row["TherapySession_FirstDate"] is not None, row["EmpSupport_FirstDate"] is not None) == (
        treated,
        supported,
    )


def test_an_unplanned_contact_was_attended_whatever_its_code() -> None:
    head = "CareContactId ServiceRequestId CareContDate AttendOrDNACode AppType PlannedCareContIndicator\n"
    row = journey(IDS201=head + "C1 R1 2025-02-03 - 02 N\nC2 R1 2025-02-10 - 02 Y")
    assert (row["CareContact_Count"], row["TreatmentCareContact_Count"], row["Appointment_Count"]) == (
        1,
        1,
        2,
    )


def test_a_contact_sent_again_replaces_itself_and_what_was_done_in_it() -> None:
    contacts = """
    period  CareContactId ServiceRequestId CareContDate AttendOrDNACode AppType
    2025-03 C1            R1               2025-03-03   5               02
    2025-04 C1            R1               2025-04-07   5               02
    """
    activities = "period CareActId CareContactId\n2025-03 A1 C1\n2025-04 A1 C1"
    scores = "period CareActId CodedAssToolType PersScore\n2025-03 A1 720433000 20\n2025-04 A1 720433000 11"
    row = journey(IDS201=contacts, IDS202=activities, IDS607=scores)
    assert (row["TreatmentCareContact_Count"], str(row["TherapySession_FirstDate"])) == (1, "2025-04-07")
    assert (row["PHQ9_FirstScore"], row["PHQ9_LastScore"]) == (11, None)


def test_the_service_is_the_first_known_site_else_that_of_the_borough() -> None:
    head = "CareContactId ServiceRequestId CareContDate SiteIDOfTreat\n"
    person = {"IDS001": "LocalPatientId LocalAuthority\nL1 E09000005"}
    at_home = Places.load().service_for_borough("E09000005", date(2025, 1, 6))
    assert at_home is not None
    assert journey(**person)["service"] == at_home
    assert journey(**person, IDS201=head + "C1 R1 2025-02-03 XXX99")["service"] == at_home
    seen = journey(**person, IDS201=head + "C1 R1 2025-02-03 RKL07\nC2 R1 2025-01-20 RV3CH")
    assert seen["service"] == "RV3CH"
    assert journey()["service"] is None


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("2025-06 L1 NN", "N"),
        ("2025-06 L1 NN\n2025-06 L1 05", "Y"),
        ("2025-05 L1 05\n2025-06 L1 NN", "N"),  # as last stated
        ("2025-05 L1 05\n2025-06 L1 ZZ", "Y"),  # declining later takes nothing back
        ("2025-06 L1 ZZ", None),
        ("2025-06 L2 05", None),
    ],
)
def test_disability(rows: str, expected: str | None) -> None:
    assert journey(IDS007="period LocalPatientId DisabCode\n" + rows)["Disability"] == expected


def test_the_latest_record_of_a_circumstance_counts() -> None:
    rows = """
    LocalPatientId SocPerCircumstance SocPerCircumstanceRecDate
    L1             160549006          2025-01-10
    L1             309884000          2025-03-10
    L1             42035005           2025-02-10
    L1             15167005           2025-04-10
    """
    row = journey(IDS011=rows)
    assert (row["Religion"], row["SexualOrientation"]) == ("Muslim", "3")


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["73211009"], "Y"),
        (["748031000000103"], "N"),
        (["748031000000103", "73211009"], "Y"),
        (["999"], None),
    ],
)
def test_long_term_condition(codes: list[str], expected: str | None) -> None:
    rows = "ServiceRequestId LongTermCondition\n" + "\n".join(f"R1 {code}" for code in codes)
    assert journey(IDS602=rows)["LongTermCondition"] == expected


def test_employment_at_start_and_end_is_that_of_the_pathway() -> None:
    rows = """
    LocalPatientId EmployStatusRecDate EmployStatus SickAbsenceInd SSPInd
    L1             2024-12-01          08           8              N
    L1             2025-01-20          01           Y              Y
    L1             2025-05-20          01           N              N
    L1             2025-06-20          XX           Y              Y
    L1             2025-07-20          02           8              N
    """
    row = journey(IDS004=rows)
    assert [row[f"{name}_First"] for name in ("EmployStatus", "SickAbsenceInd", "SickpayIndicator")] == [
        "01",
        "Y",
        "Y",
    ]
    assert [row[f"{name}_Last"] for name in ("EmployStatus", "SickAbsenceInd", "SickpayIndicator")] == [
        "01",
        "N",
        "N",
    ]


def test_the_person_is_as_last_sent() -> None:
    rows = """
    period  LocalPatientId EthnicCategory IndicesOfDeprivationDecile
    2025-06 L1             K              2
    2025-01 L1             Z              9
    """
    row = journey(IDS001=rows)
    assert (row["EthnicCategory"], row["IndicesOfDeprivationDecile"]) == ("K", 2)


def test_events_in_order() -> None:
    contacts = """
    CareContactId ServiceRequestId CareContDate AttendOrDNACode AppType
    C1            R1               2025-02-10   3               02
    C2            R1               2025-02-03   5               03
    C3            R1               2025-02-10   2               02
    C4            R1               2025-03-03   6               04
    C5            R1               2025-06-30   5               02
    """
    events = made(IDS201=contacts).events.to_pylist()
    assert [(row["sequence"], row["event"]) for row in events] == [
        (1, "referral"),
        (2, "assessment"),
        (3, "treatment"),
        (4, "did not attend"),
        (5, "cancelled"),
        (6, "contact"),
        (7, "treatment"),
        (8, "discharge"),
    ]


def test_therapies_of_a_contact_and_answers_about_experience() -> None:
    tables = made(
        IDS201=CONTACT + "C1 R1 2025-02-03 5 02",
        IDS202="CareActId CareContactId CodeProcAndProcStatus\nA1 C1 449030000\nA2 C1 304891004\nA3 C1 12345",
        IDS607="CareActId CodedAssToolType PersScore\nA1 747901000000107 4\nA1 720433000 9",
    )
    assert tables.contacts["therapies"].to_pylist() == [["304891004", "449030000"]]
    answers = tables.answers.to_pylist()
    assert [(row["question"], row["answer"], str(row["date"])) for row in answers] == [
        ("747901000000107", "4", "2025-02-03")
    ]


def test_nothing_in_nothing_out_in_the_same_shape() -> None:
    empty = derive(
        {}, places=Places.load(), pathway=Pathway.load("talking_therapies"), thresholds=Thresholds.load()
    )
    for found, schema in (
        (empty.journeys, JOURNEYS),
        (empty.contacts, CONTACTS),
        (empty.events, EVENTS),
        (empty.answers, ANSWERS),
    ):
        assert (found.num_rows, found.schema) == (0, schema)
