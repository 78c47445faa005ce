"""Which columns of the return the derivations read, and the shape of what they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import pyarrow as pa

from joinedup.linkage.arriving import LINKS

_TEXT, _DATE, _FLAG, _COUNT, _SCORE = pa.string(), pa.date32(), pa.bool_(), pa.int16(), pa.float32()


def _columns(text: str = "", dates: str = "", **others: pa.DataType) -> tuple[tuple[str, pa.DataType], ...]:
    return (
        *((name, _TEXT) for name in text.split()),
        *((name, _DATE) for name in dates.split()),
        *others.items(),
        ("provider", _TEXT),
        ("period", _TEXT),
        ("_row", pa.int32()),
    )


READ: Mapping[str, pa.Schema] = MappingProxyType(
    {
        table: pa.schema(columns)
        for table, columns in {
            "IDS000": _columns(dates="ReportingPeriodStartDate ReportingPeriodEndDate"),
            "IDS001": _columns(
                "LocalPatientId LocalAuthority EthnicCategory Gender GenderIdentity LanguageCodePreferred",
                IndicesOfDeprivationDecile=pa.int8(),
            ),
            "IDS004": _columns("LocalPatientId EmployStatus SickAbsenceInd SSPInd", "EmployStatusRecDate"),
            "IDS007": _columns("LocalPatientId DisabCode"),
            "IDS011": _columns("LocalPatientId SocPerCircumstance", "SocPerCircumstanceRecDate"),
            "IDS101": _columns(
                "ServiceRequestId LocalPatientId person_id EndCode SourceOfReferralIAPT",
                "ReferralRequestReceivedDate ServDischDate",
                Age_ReferralRequest_ReceivedDate=pa.int16(),
            ),
            "IDS201": _columns(
                "CareContactId ServiceRequestId AttendOrDNACode AppType PlannedCareContIndicator "
                "ConsMechanism "
                "IAPTLTCServiceInd SiteIDOfTreat InterpreterPresentInd",
                "CareContDate",
            ),
            "IDS202": _columns("CareActId CareContactId CodeProcAndProcStatus"),
            "IDS205": _columns(
                "ServiceRequestId IntEnabledTherProg", "StartDateIntEnabledTherLog EndDateIntEnabledTherLog"
            ),
            "IDS602": _columns("ServiceRequestId LongTermCondition"),
            "IDS603": _columns("ServiceRequestId FindSchemeInUse PresComp PresCompCodSig", "PresCompDate"),
            "IDS606": _columns("ServiceRequestId CodedAssToolType PersScore", "AssToolCompDate"),
            "IDS607": _columns("CareActId CodedAssToolType PersScore"),
        }.items()
    }
)
"""Columns read, by national table, with the types of the lake."""

LINKED = "links"
"""The table of the lake that says which person_id stands for another."""

SCORES = (
    "PHQ9",
    "GAD",
    "AgoraAlone",
    "SocialPhobia",
    "PanicDisorder",
    "OCD",
    "PTSD",
    "AnxietyInventory",
    "IBS",
    "PHQ15",
    "BIQ",
)
WASAS = (
    "WASAS_Work",
    "WASAS_HomeManagement",
    "WASAS_SocialLeisureActivities",
    "WASAS_PrivateLeisureActivities",
    "WASAS_Relationships",
)


def _ends(names: Iterable[str]) -> list[tuple[str, pa.DataType]]:
    return [(f"{name}_{end}Score", _SCORE) for name in names for end in ("First", "Last")]


JOURNEYS = pa.schema(
    [
        *(
            (name, _TEXT)
            for name in ("pathway_id", "person_id", "provider", "service", "borough", "referral_month")
        ),
        ("ReferralRequestReceivedDate", _DATE),
        ("ServDischDate", _DATE),
        ("EndCode", _TEXT),
        ("SourceOfReferralIAPT", _TEXT),
        ("Assessment_FirstDate", _DATE),
        ("Assessment_LastDate", _DATE),
        ("TherapySession_FirstDate", _DATE),
        ("TherapySession_SecondDate", _DATE),
        ("TherapySession_LastDate", _DATE),
        ("CareContact_Count", _COUNT),
        ("TreatmentCareContact_Count", _COUNT),
        ("Appointment_Count", _COUNT),
        ("DNA_Count", _COUNT),
        ("InternetEnabledTherapy_Count", _COUNT),
        ("CompletedTreatment_Flag", _FLAG),
        *_ends(SCORES),
        ("ADSM", _TEXT),
        *_ends(["ADSM"]),
        ("Paired_Flag", _FLAG),
        ("Caseness_Flag", _FLAG),
        ("NotCaseness_Flag", _FLAG),
        ("Recovery_Flag", _FLAG),
        ("ReliableImprovement_Flag", _FLAG),
        ("ReliableDeterioration_Flag", _FLAG),
        ("NoChange_Flag", _FLAG),
        *_ends(WASAS),
        *(
            (f"{name}_{end}", _TEXT)
            for name in ("SickpayIndicator", "EmployStatus", "SickAbsenceInd")
            for end in ("First", "Last")
        ),
        ("IntegratedContact_FirstDate", _DATE),
        ("IntegratedTreatment_FirstDate", _DATE),
        ("EmpSupport_FirstDate", _DATE),
        ("Validated_PresentingComplaint", _TEXT),
        ("EthnicCategory", _TEXT),
        ("IndicesOfDeprivationDecile", pa.int8()),
        ("Age_ReferralRequest_ReceivedDate", pa.int16()),
        *(
            (name, _TEXT)
            for name in ("Gender", "GenderIdentity", "SexualOrientation", "Religion", "Disability")
        ),
        *(
            (name, _TEXT)
            for name in ("LongTermCondition", "LanguageCodePreferred", "InterpreterPresentInd", "stage")
        ),
    ]
)
"""One row per pathway. Dates are local calendar days, scores in points of the questionnaire."""

CONTACTS = pa.schema(
    [
        *((name, _TEXT) for name in ("pathway_id", "referral_month", "service")),
        ("CareContDate", _DATE),
        *((name, _TEXT) for name in ("AttendOrDNACode", "AppType", "PlannedCareContIndicator")),
        *((name, _TEXT) for name in ("ConsMechanism", "IAPTLTCServiceInd")),
        ("treatment", _FLAG),
        ("assessment", _FLAG),
        ("therapies", pa.list_(_TEXT)),
    ]
)
"""One row per appointment, attended or not; therapies as SNOMED CT codes in order."""

EVENTS = pa.schema(
    [
        ("pathway_id", _TEXT),
        ("referral_month", _TEXT),
        ("date", _DATE),
        ("event", _TEXT),
        ("sequence", _COUNT),
    ]
)
"""One row per thing that happened; sequence counts from 1 within the pathway."""

ANSWERS = pa.schema(
    [
        ("pathway_id", _TEXT),
        ("referral_month", _TEXT),
        ("date", _DATE),
        ("question", _TEXT),
        ("answer", _TEXT),
    ]
)
"""One row per answer about experience; question is the SNOMED CT code, answer the value as sent."""


@dataclass(frozen=True)
class JourneyTables:
    """The four tables, sorted by referral_month and pathway_id: JOURNEYS, CONTACTS, EVENTS, ANSWERS."""

    journeys: pa.Table
    contacts: pa.Table
    events: pa.Table
    answers: pa.Table


@dataclass(frozen=True)
class Journeys(JourneyTables):
    """Journeys of one snapshot, with the rule that made pathways of referrals and the days the returns cover.

    `first_day` is the first ReportingPeriodStartDate held, `last_day` the last ReportingPeriodEndDate.
    """

    rule: str
    snapshot: int
    first_day: date
    last_day: date


def completed(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Every table that is read, by its name in SQL: absent tables empty, absent columns null. "links" is one.

    `tables` is keyed "IDS101" or "returns/IDS101", columns typed as the lake has them.
    """
    given = {name.removeprefix("returns/"): rows for name, rows in tables.items()}
    read = {f"returns__{name}": _fitted(given.get(name), schema) for name, schema in READ.items()}
    return {**read, LINKED: given.get(LINKED, LINKS.empty_table())}


def _fitted(rows: pa.Table | None, schema: pa.Schema) -> pa.Table:
    if rows is None:
        return schema.empty_table()
    held = set(rows.column_names)
    columns = [
        rows[field.name] if field.name in held else pa.nulls(rows.num_rows, field.type) for field in schema
    ]
    return pa.table(
        columns, schema=pa.schema(zip(schema.names, (column.type for column in columns), strict=True))
    )
