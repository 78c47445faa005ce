"""A small return that breaks no rule: five people, every one of the 21 national tables, April 2024.

`minimal_rows()` answers plain rows that a test may change; `as_submission(rows)` makes them what the reader
would have read. Row numbers count from 1 in the order of each list.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.returns.submission import RawTable, Submission

Rows = dict[str, list[dict[str, str | None]]]

EXPECTED = {
    "ReportingPeriodStart": "2024-04-01",
    "ReportingPeriodEnd": "2024-04-30",
    "ProviderId": "RV3",
    "SenderId": "RV3",
    "SubmittedTimestamp": "2024-05-22T12:00:00",
}
PHQ9, GAD7, WSAS_WORK, PEQ = "720433000", "445455005", "932621000000100", "747861000000100"
GUIDED_SELF_HELP, CBT = "748051000000105", "304891004"
HETEROSEXUAL, CHRISTIAN = "20430005", "160549006"
NUMBERS = ("9434765919", "9876543210", "9000000009", "4505577104", "9990548609")


def minimal_rows() -> Rows:
    """The rows of every table, as the names and texts a trust would send."""
    people = [f"P{n}" for n in range(1, 6)]
    referrals = [f"R{n}" for n in range(1, 6)]
    return {
        "IDS000": [_header()],
        "IDS001": [_person(person, number) for person, number in zip(people, NUMBERS, strict=True)],
        "IDS002": [_registration(person) for person in people],
        "IDS003": [_accommodation(people[0])],
        "IDS004": [_employment(person) for person in people],
        "IDS007": [
            {"LocalPatientId": people[0], "DisabCode": "05"},
            {"LocalPatientId": people[1], "DisabCode": "NN"},
        ],
        "IDS011": [_circumstance(people[0], HETEROSEXUAL), _circumstance(people[0], CHRISTIAN)],
        "IDS012": [{"LocalPatientId": people[0], "OvsVisChCat": "A", "OvsVisChCatAppDate": "2024-03-20"}],
        "IDS101": [_referral(r, p, ended=r == "R5") for r, p in zip(referrals, people, strict=True)],
        "IDS105": [_onward("R1", "10:00:00"), _onward("R2", "11:00:00")],
        "IDS108": [_pause("R1", "1"), _pause("R1", "2")],
        "IDS201": [_contact(f"C{n}", f"R{n}", f"2024-04-0{n}") for n in range(1, 6)],
        "IDS202": [_activity(f"A{n}", f"C{n}") for n in range(1, 6)],
        "IDS205": [_log("R1", "12"), _log("R2", "20")],
        "IDS601": [
            {"LocalPatientId": "P1", "DiagSchemeInUse": "02", "PrevDiag": "F329", "DiagDate": "2019-02-01"},
        ],
        "IDS602": [
            {"ServiceRequestId": "R1", "FindSchemeInUse": "01", "LongTermCondition": "E119"},
            {"ServiceRequestId": "R2", "FindSchemeInUse": "04", "LongTermCondition": "44054006"},
        ],
        "IDS603": [_complaint("R1", "01", "F321"), _complaint("R2", "04", "35489007")],
        "IDS606": [_score("R1", PHQ9, "14"), _score("R1", GAD7, "11"), _score("R2", WSAS_WORK, "9")],
        "IDS607": [
            {"CareActId": "A1", "CodedAssToolType": PHQ9, "PersScore": "12"},
            {"CareActId": "A1", "CodedAssToolType": GAD7, "PersScore": "9"},
            {"CareActId": "A2", "CodedAssToolType": PEQ, "PersScore": "Y"},
        ],
        "IDS803": [_cluster("P1", "2024-03-01", "2024-04-10"), _cluster("P2", "2024-03-05", None)],
        "IDS902": [
            {"CarePersLocalId": "S1", "QualAttainLevelIAPT": "10", "QualAwardedDate": "2019-09-01"},
            {"CarePersLocalId": "S2", "QualAttainLevelIAPT": "11", "QualPlannedCompletionDate": "2024-09-01"},
        ],
    }


def as_submission(rows: Rows, *, keep: tuple[str, ...] = ()) -> Submission:
    """The rows as read: text, null for what is absent, `_row`. Empty tables stay if in `keep`."""
    spec = ReturnSpec.load("talking_therapies")
    files = {}
    for table in spec.tables:
        sent = rows.get(table.id, [])
        if not sent and table.id not in keep:
            continue
        columns = {c.name: pa.array([row.get(c.name) for row in sent], pa.string()) for c in table.columns}
        columns["_row"] = pa.array(range(1, len(sent) + 1), pa.int64())
        files[table.id] = RawTable(table.id, f"{table.name}.csv", pa.table(columns))
    return Submission("RV3_2024-04_primary", Path("RV3_2024-04_primary.zip"), "0" * 64, files, ())


def _header() -> dict[str, str | None]:
    return {
        "DatSetVer": "2.1",
        "OrgIDProv": "RV3",
        "OrgIDSubmit": "RV3",
        "PrimSystemInUse": "PCMIS",
        "ReportingPeriodStartDate": "2024-04-01",
        "ReportingPeriodEndDate": "2024-04-30",
        "DateTimeDatSetCreate": "2024-05-20T09:30:00",
    }


def _person(person: str, number: str) -> dict[str, str | None]:
    return {
        "LocalPatientId": person,
        "OrgIDLocalPatientId": "RV3",
        "NHSNumber": number,
        "NHSNumberStatus": "01",
        "PersonBirthDate": "1985-06-15",
        "Postcode": "ZX1 1AA",
        "Gender": "2",
        "GenderIdentity": "2",
        "GenderIdentitySameAtBirth": "Y",
        "EthnicCategory": "A",
        "ExBAFIndicator": "03",
        "LanguageCodePreferred": "en",
        "EduEstabTypeIAPT": "8",
    }


def _registration(person: str) -> dict[str, str | None]:
    return {"LocalPatientId": person, "GMPCodeReg": "E87001", "StartDateGMPRegistration": "2015-01-01"}


def _accommodation(person: str) -> dict[str, str | None]:
    return {
        "LocalPatientId": person,
        "AccommodationType": "01",
        "SettledAccommodationInd": "Y",
        "AccommodationTypeDate": "2024-03-20",
    }


def _employment(person: str) -> dict[str, str | None]:
    return {
        "LocalPatientId": person,
        "EmployStatus": "01",
        "EmployStatusRecDate": "2024-03-20",
        "WeekHoursWorked": "01",
        "SelfEmployInd": "N",
        "SickAbsenceInd": "N",
        "SSPInd": "N",
        "BenefitRecInd": "N",
        "ESAInd": "N",
        "UCInd": "N",
        "PIPInd": "N",
        "EmpSupportInd": "Y",
        "EmpSupportReferral": "2024-04-02",
    }


def _circumstance(person: str, code: str) -> dict[str, str | None]:
    return {"LocalPatientId": person, "SocPerCircumstance": code, "SocPerCircumstanceRecDate": "2024-03-20"}


def _referral(referral: str, person: str, *, ended: bool) -> dict[str, str | None]:
    return {
        "ServiceRequestId": referral,
        "LocalPatientId": person,
        "OrgIDComm": "W2U3Z",
        "ReferralRequestReceivedDate": "2024-03-15",
        "SourceOfReferralIAPT": "B1",
        "OnsetDate": "2023-10",
        "PrevDiagCondInd": "N",
        "EndCode": "46" if ended else None,
        "ServDischDate": "2024-04-28" if ended else None,
    }


def _onward(referral: str, time: str) -> dict[str, str | None]:
    return {
        "ServiceRequestId": referral,
        "OnwardReferDate": "2024-04-12",
        "OnwardReferTime": time,
        "OnwardReferReason": "01",
        "OrgIDReceiving": "RV3",
    }


def _pause(referral: str, pause: str) -> dict[str, str | None]:
    return {
        "PauseID": pause,
        "ServiceRequestId": referral,
        "PauseStartDate": "2024-04-03",
        "PauseEndDate": "2024-04-09",
        "PauseReason": "01",
    }


def _contact(contact: str, referral: str, day: str) -> dict[str, str | None]:
    return {
        "CareContactId": contact,
        "ServiceRequestId": referral,
        "CareContDate": day,
        "CareContTime": "14:30:00",
        "OrgIDComm": "W2U3Z",
        "PlannedCareContIndicator": "Y",
        "AttendOrDNACode": "2" if contact == "C5" else "5",
        "Cancellation": "Y" if contact == "C5" else None,
        "ClinContDurOfCareCont": "50",
        "IAPTLTCServiceInd": "N",
        "AppType": "03",
        "ConsMechanism": "11",
        "CareContPatientTherMode": "1",
        "PsychMed": "03",
        "ActLocTypeCode": "A01",
        "SiteIDOfTreat": "RV3CH",
        "LanguageCodeTreat": "en",
        "InterpreterPresentInd": "4",
    }


def _activity(activity: str, contact: str) -> dict[str, str | None]:
    return {
        "CareActId": activity,
        "CareContactId": contact,
        "CarePersLocalId": "S1",
        "ClinContactDurOfCareAct": "50",
        "CodeProcAndProcStatus": GUIDED_SELF_HELP if activity == "A1" else CBT,
        "FindSchemeInUse": "01",
        "CodeFind": "F321",
        "CodeObs": "27113001",
        "ObsValue": "70",
        "UnitMeasure": "kg",
    }


def _log(referral: str, minutes: str) -> dict[str, str | None]:
    return {
        "ServiceRequestId": referral,
        "StartDateIntEnabledTherLog": "2024-04-01",
        "EndDateIntEnabledTherLog": "2024-04-20",
        "IntEnabledTherProg": "SilverCloud",
        "DurationIntEnabledTher": minutes,
        "CarePersLocalId": "S1",
        "IntegratedSoftwareInd": "N",
    }


def _complaint(referral: str, scheme: str, code: str) -> dict[str, str | None]:
    return {
        "ServiceRequestId": referral,
        "FindSchemeInUse": scheme,
        "PresComp": code,
        "PresCompCodSig": "1",
        "PresCompDate": "2024-03-20",
    }


def _score(referral: str, tool: str, score: str) -> dict[str, str | None]:
    return {
        "ServiceRequestId": referral,
        "CodedAssToolType": tool,
        "PersScore": score,
        "AssToolCompDate": "2024-04-11",
        "AssToolCompTime": "09:00:00",
    }


def _cluster(person: str, start: str, end: str | None) -> dict[str, str | None]:
    return {
        "LocalPatientId": person,
        "AMHCareClustCodeFin": "03",
        "StartDateCareClust": start,
        "StartTimeCareClust": "09:00:00",
        "EndDateCareClust": end,
        "EndTimeCareClust": "17:00:00" if end else None,
    }
