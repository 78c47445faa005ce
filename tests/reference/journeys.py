"""Journeys of NHS Talking Therapies a second time: plain loops, written from the national text.

It shares no code with joinedup.journeys. It reads the same definitions (codes, thresholds), and nothing else.
Rows are dictionaries as `pa.Table.to_pylist()` gives them.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from joinedup.definitions.derivations import Derivations
from joinedup.definitions.pathway import Pathway
from joinedup.definitions.places import Places
from joinedup.definitions.return_spec import ReturnSpec
from joinedup.definitions.thresholds import QuestionnaireThreshold, Thresholds

Row = dict[str, Any]
Rows = Sequence[Row]
SCORE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")


@dataclass(frozen=True)
class Facts:
    """What the definitions say, handed over as they are."""

    derivations: Derivations
    questionnaires: Sequence[QuestionnaireThreshold]
    always: str
    fallback: str
    comparison: str
    religions: Mapping[str, str | None]
    orientations: Mapping[str, str | None]
    therapies: Sequence[str]
    stages: Sequence[str]
    places: Places

    @classmethod
    def of(cls, places: Places, pathway: Pathway, thresholds: Thresholds) -> Facts:
        """The facts of the shipped definitions."""
        spec, derivations = ReturnSpec.load(pathway.id), Derivations.load(pathway.id)
        orientation = spec.circumstance("sexual_orientation")
        religions: dict[str, str | None] = dict.fromkeys(spec.circumstance("religion").codes)
        for group, codes in derivations.religion.groups.items():
            religions.update(dict.fromkeys(codes, group))
        orientations = dict.fromkeys(orientation.codes, orientation.otherwise)
        for group, codes in orientation.groups.items():
            orientations.update(dict.fromkeys(codes, group))
        return cls(
            derivations=derivations,
            questionnaires=thresholds.questionnaires,
            always=thresholds.choice.always,
            fallback=thresholds.choice.fallback,
            comparison=thresholds.comparison,
            religions=religions,
            orientations=orientations,
            therapies=[therapy.snomed for therapy in spec.therapy_types],
            stages=pathway.stage_names,
            places=places,
        )

    def known_service(self, code: str, on: date) -> bool:
        """Whether the site was one of the services on that day."""
        return any(place.code == code for place in self.places.services(on))


STAGES: Mapping[str, Callable[[Row], bool]] = {
    "referred": lambda journey: journey["ReferralRequestReceivedDate"] is not None,
    "accessed": lambda journey: journey["TherapySession_FirstDate"] is not None,
    "second_treatment": lambda journey: journey["TherapySession_SecondDate"] is not None,
    "finished": lambda journey: journey["CompletedTreatment_Flag"],
    "in_scope": lambda journey: not journey["NotCaseness_Flag"],
    "paired": lambda journey: journey["Paired_Flag"],
    "reliably_improved": lambda journey: journey["ReliableImprovement_Flag"],
    "recovered": lambda journey: journey["Recovery_Flag"],
}


def derive(tables: Mapping[str, Rows], facts: Facts) -> dict[str, list[Row]]:
    """The four tables, as lists of dictionaries in no particular order."""
    referrals = _latest(tables.get("IDS101", ()), "ServiceRequestId")
    contacts = _latest(tables.get("IDS201", ()), "CareContactId")
    out: dict[str, list[Row]] = {"journeys": [], "contacts": [], "events": [], "answers": []}
    for group in _pathways(referrals):
        journey = _pathway(group)
        mine = _contacts_of(journey, group, contacts, tables.get("IDS202", ()), facts)
        scores = _scores_of(group, mine, tables, facts)
        _people(journey, group, tables, facts)
        _service(journey, mine, facts)
        _sessions(journey, mine)
        screens = _internet(journey, group, tables.get("IDS205", ()))
        _complaint(journey, group, tables.get("IDS603", ()), facts)
        _first_and_last(journey, scores, facts)
        _outcome(journey, facts)
        journey["stage"] = _stage(journey, facts)
        out["journeys"].append(journey)
        out["contacts"] += [_contact_row(journey, contact) for contact in mine]
        out["events"] += _events(journey, mine, screens, facts)
        out["answers"] += _answers(journey, scores, facts)
    return out


def _latest(rows: Rows, key: str) -> list[Row]:
    """Per provider and key, the row of the latest period; within a period, the row furthest down the file."""
    best: dict[tuple[Any, Any], Row] = {}
    for row in rows:
        name = (row["provider"], row[key])
        if name not in best or _age(row) > _age(best[name]):
            best[name] = row
    return list(best.values())


def _age(row: Row) -> tuple[str, int]:
    return (row["period"], row["_row"])


def _pathways(referrals: list[Row]) -> list[list[Row]]:
    """Referrals of a person at a provider whose dates overlap, directly or through others, oldest first."""
    groups: list[list[Row]] = []
    for referral in referrals:
        touching = [group for group in groups if any(_overlap(referral, other) for other in group)]
        merged = [referral, *(other for group in touching for other in group)]
        groups = [group for group in groups if group not in touching] + [merged]
    return [sorted(group, key=_by_start) for group in groups]


def _by_start(row: Row) -> tuple[date, str]:
    return (row["ReferralRequestReceivedDate"], row["ServiceRequestId"])


def _overlap(one: Row, other: Row) -> bool:
    if one["provider"] != other["provider"] or one["person_id"] != other["person_id"]:
        return False
    return one["ReferralRequestReceivedDate"] <= _end(other) and other["ReferralRequestReceivedDate"] <= _end(
        one
    )


def _end(row: Row) -> date:
    if row["ServDischDate"] is None:
        return date.max
    return max(row["ServDischDate"], row["ReferralRequestReceivedDate"])


def _pathway(group: list[Row]) -> Row:
    first = group[0]
    is_open = any(row["ServDischDate"] is None for row in group)
    last = None if is_open else max(group, key=lambda row: (row["ServDischDate"], *_by_start(row)))
    name = f"{first['provider']}:{first['ServiceRequestId']}"
    return {
        "pathway_id": hashlib.sha256(name.encode()).hexdigest()[:32],
        "person_id": first["person_id"],
        "provider": first["provider"],
        "referral_month": first["ReferralRequestReceivedDate"].strftime("%Y-%m"),
        "ReferralRequestReceivedDate": first["ReferralRequestReceivedDate"],
        "ServDischDate": last["ServDischDate"] if last else None,
        "EndCode": last["EndCode"] if last else None,
        "SourceOfReferralIAPT": first["SourceOfReferralIAPT"],
        "Age_ReferralRequest_ReceivedDate": first["Age_ReferralRequest_ReceivedDate"],
    }


def _within(journey: Row, day: date | None) -> bool:
    """From referral to discharge, both days included."""
    if day is None or day < journey["ReferralRequestReceivedDate"]:
        return False
    return journey["ServDischDate"] is None or day <= journey["ServDischDate"]


def _contacts_of(
    journey: Row, group: list[Row], contacts: list[Row], activities: Rows, facts: Facts
) -> list[Row]:
    names = {row["ServiceRequestId"] for row in group}
    mine = []
    for contact in contacts:
        if contact["provider"] == journey["provider"] and contact["ServiceRequestId"] in names:
            done = [row for row in activities if _same(row, contact, "CareContactId")]
            mine.append(_judge(journey, contact, done, facts))
    return mine


def _same(one: Row, other: Row, key: str) -> bool:
    """Sent in the same return, about the same thing."""
    return all(one[name] == other[name] for name in ("provider", "period", key)) and one[key] is not None


def _judge(journey: Row, contact: Row, activities: list[Row], facts: Facts) -> Row:
    codes = facts.derivations
    procedures = [_procedure(row["CodeProcAndProcStatus"]) for row in activities]
    support = [code == codes.employment_support for code in procedures]
    attended = (
        contact["AttendOrDNACode"] in codes.attended.AttendOrDNACode
        or contact["PlannedCareContIndicator"] in codes.attended.PlannedCareContIndicator
    )
    treatment = (
        attended
        and contact["AppType"] in codes.appointment_types.treatment
        and _within(journey, contact["CareContDate"])
        and not (support and all(support))
    )
    return {
        **contact,
        "activities": activities,
        "attended": attended,
        "treatment": treatment,
        "assessment": attended and contact["AppType"] in codes.appointment_types.assessment,
        "support": attended and any(support),
        "integrated": attended and contact["IAPTLTCServiceInd"] in codes.integrated,
        "missed": contact["AttendOrDNACode"] in codes.did_not_attend,
        "interpreter": contact["InterpreterPresentInd"]
        if contact["InterpreterPresentInd"] in codes.interpreter
        else None,
        "therapies": sorted({code for code in procedures if code in facts.therapies}),
    }


def _procedure(code: str | None) -> str | None:
    """The procedure itself: the status that may follow a colon is left off."""
    return None if code is None else code.split(":")[0]


def _scores_of(group: list[Row], contacts: list[Row], tables: Mapping[str, Rows], facts: Facts) -> list[Row]:
    """Every score of the pathway's referrals: code, score as sent, and the day."""
    found = []
    for row in tables.get("IDS606", ()):
        if any(
            row["provider"] == own["provider"] and row["ServiceRequestId"] == own["ServiceRequestId"]
            for own in group
        ):
            found.append(
                {"code": row["CodedAssToolType"], "score": row["PersScore"], "day": row["AssToolCompDate"]}
            )
    for contact in contacts:
        for activity in contact["activities"]:
            for row in tables.get("IDS607", ()):
                if _same(row, activity, "CareActId"):
                    found.append(
                        {
                            "code": row["CodedAssToolType"],
                            "score": row["PersScore"],
                            "day": contact["CareContDate"],
                        }
                    )
    return found


def _people(journey: Row, group: list[Row], tables: Mapping[str, Rows], facts: Facts) -> None:
    """What is known of the person: the latest row whatever its date; employment within the pathway."""
    names = {row["LocalPatientId"] for row in group if row["LocalPatientId"] is not None}

    def mine(table: str) -> list[Row]:
        rows = tables.get(table, ())
        return [
            row for row in rows if row["provider"] == journey["provider"] and row["LocalPatientId"] in names
        ]

    latest = max(mine("IDS001"), key=_age, default=defaultdict(lambda: None))
    journey["borough"] = latest["LocalAuthority"]
    columns = (
        "EthnicCategory",
        "IndicesOfDeprivationDecile",
        "Gender",
        "GenderIdentity",
        "LanguageCodePreferred",
    )
    for column in columns:
        journey[column] = latest[column]
    journey["Disability"] = _disability(mine("IDS007"), facts)
    journey["Religion"] = _circumstance(mine("IDS011"), facts.religions)
    journey["SexualOrientation"] = _circumstance(mine("IDS011"), facts.orientations)
    journey["LongTermCondition"] = _long_term_condition(group, tables.get("IDS602", ()), facts)
    _employment(journey, mine("IDS004"), facts)


def _disability(rows: list[Row], facts: Facts) -> str | None:
    """Of the latest return that says anything, one disability outweighs "no disability"."""
    codes = facts.derivations.disability
    said = [row for row in rows if row["DisabCode"] is not None and row["DisabCode"] not in codes.not_stated]
    if not said:
        return None
    newest = max(row["period"] for row in said)
    return "N" if all(row["DisabCode"] in codes.absent for row in said if row["period"] == newest) else "Y"


def _circumstance(rows: list[Row], groups: Mapping[str, str | None]) -> str | None:
    mine = [row for row in rows if row["SocPerCircumstance"] in groups]
    if not mine:
        return None

    def order(row: Row) -> tuple[date, str, str]:
        return (row["SocPerCircumstanceRecDate"] or date.min, row["period"], row["SocPerCircumstance"])

    return groups[max(mine, key=order)["SocPerCircumstance"]]


def _long_term_condition(group: list[Row], rows: Rows, facts: Facts) -> str | None:
    names = {(row["provider"], row["ServiceRequestId"]) for row in group}
    codes = {row["LongTermCondition"] for row in rows if (row["provider"], row["ServiceRequestId"]) in names}
    if codes & set(facts.derivations.long_term_condition.present):
        return "Y"
    return "N" if codes & set(facts.derivations.long_term_condition.absent) else None


def _employment(journey: Row, rows: list[Row], facts: Facts) -> None:
    valid = [
        row
        for row in rows
        if row["EmployStatus"] in facts.derivations.employment_status
        and _within(journey, row["EmployStatusRecDate"])
    ]
    first = last = defaultdict(lambda: None)
    if valid:
        early = min(row["EmployStatusRecDate"] for row in valid)
        first = max((row for row in valid if row["EmployStatusRecDate"] == early), key=_age)
        late = max(row["EmployStatusRecDate"] for row in valid)
        last = max((row for row in valid if row["EmployStatusRecDate"] == late), key=_age)
    for end, row in (("First", first), ("Last", last)):
        journey[f"EmployStatus_{end}"] = row["EmployStatus"]
        journey[f"SickAbsenceInd_{end}"] = row["SickAbsenceInd"]
        journey[f"SickpayIndicator_{end}"] = row["SSPInd"]


def _service(journey: Row, contacts: list[Row], facts: Facts) -> None:
    """The site of the first contact at a known site, else the service for the borough of residence."""
    known = [
        (row["CareContDate"], row["SiteIDOfTreat"])
        for row in contacts
        if row["SiteIDOfTreat"] is not None and facts.known_service(row["SiteIDOfTreat"], row["CareContDate"])
    ]
    if known:
        journey["service"] = min(known)[1]
    elif journey["borough"] is not None:
        journey["service"] = facts.places.service_for_borough(
            journey["borough"], journey["ReferralRequestReceivedDate"]
        )
    else:
        journey["service"] = None
    for contact in contacts:
        site = contact["SiteIDOfTreat"]
        here = site is not None and facts.known_service(site, contact["CareContDate"])
        contact["service"] = site if here else journey["service"]


def _sessions(journey: Row, contacts: list[Row]) -> None:
    def dates(*marks: str) -> list[date]:
        return sorted(row["CareContDate"] for row in contacts if all(row[mark] for mark in marks))

    def at(days: list[date], place: int) -> date | None:
        return days[place] if -len(days) <= place < len(days) else None

    treatments, assessments = dates("treatment"), dates("assessment")
    journey["TherapySession_FirstDate"] = at(treatments, 0)
    journey["TherapySession_SecondDate"] = at(treatments, 1)
    journey["TherapySession_LastDate"] = at(treatments, -1)
    journey["Assessment_FirstDate"] = at(assessments, 0)
    journey["Assessment_LastDate"] = at(assessments, -1)
    journey["IntegratedContact_FirstDate"] = at(dates("integrated"), 0)
    journey["IntegratedTreatment_FirstDate"] = at(dates("integrated", "treatment"), 0)
    journey["EmpSupport_FirstDate"] = at(dates("support"), 0)
    journey["CareContact_Count"] = sum(row["attended"] for row in contacts)
    journey["TreatmentCareContact_Count"] = len(treatments)
    journey["Appointment_Count"] = len(contacts)
    journey["DNA_Count"] = sum(row["missed"] for row in contacts)
    journey["CompletedTreatment_Flag"] = journey["ServDischDate"] is not None and len(treatments) >= 2
    said = [row["interpreter"] for row in contacts if row["attended"] and row["interpreter"] is not None]
    journey["InterpreterPresentInd"] = min(said, default=None)


def _internet(journey: Row, group: list[Row], rows: Rows) -> list[Any]:
    """Counts sessions through a screen; gives the last day of each."""
    names = {(row["provider"], row["ServiceRequestId"]) for row in group}
    sessions = {
        tuple(
            row[name]
            for name in ("StartDateIntEnabledTherLog", "EndDateIntEnabledTherLog", "IntEnabledTherProg")
        )
        for row in rows
        if (row["provider"], row["ServiceRequestId"]) in names
    }
    journey["InternetEnabledTherapy_Count"] = len(sessions)
    return [session[1] for session in sessions if session[1] is not None]


def _complaint(journey: Row, group: list[Row], rows: Rows, facts: Facts) -> None:
    """The presenting complaint: with a code, primary first, then latest recorded, then the latest sent."""
    codes = facts.derivations.presenting_complaint
    names = {(row["provider"], row["ServiceRequestId"]) for row in group}
    best: tuple[Any, ...] | None = None
    for row in rows:
        if (row["provider"], row["ServiceRequestId"]) not in names or row["PresComp"] is None:
            continue
        code = row["PresComp"]
        if row["FindSchemeInUse"] in codes.icd10_scheme:
            code = "".join(letter for letter in code.upper() if letter.isascii() and letter.isalnum())
        if not code:
            continue
        primary = row["PresCompCodSig"] in codes.primary
        order = (primary, row["PresCompDate"] or date.min, row["period"], code)
        best = order if best is None else max(best, order)
    journey["Validated_PresentingComplaint"] = best[3] if best else None


def _first_and_last(journey: Row, scores: list[Row], facts: Facts) -> None:
    scales = [
        (item.column, item.snomed, item.low, item.high, item.column in facts.derivations.scores_with_decimals)
        for item in facts.questionnaires
        if item.snomed
    ] + [(item.column, (item.snomed,), item.low, item.high, False) for item in facts.derivations.wasas]
    for column, codes, low, high, decimals in scales:
        valid = []
        for row in scores:
            score = _valid(row["score"], low, high, decimals) if row["code"] in codes else None
            if score is not None and _within(journey, row["day"]):
                valid.append((row["day"], score))
        first, last = min(valid, default=None), max(valid, default=None)
        paired = first is not None and last is not None and first[0] < last[0]
        journey[f"{column}_FirstScore"] = first[1] if first else None
        journey[f"{column}_LastScore"] = last[1] if last and paired else None


def _valid(text: str | None, low: float, high: float, decimals: bool) -> Decimal | None:
    """A plain number of at most two decimals in range; whole, unless scored in decimals."""
    if text is None or not SCORE.fullmatch(text):
        return None
    score = Decimal(text)
    if not decimals and score != int(score):
        return None
    return score if Decimal(str(low)) <= score <= Decimal(str(high)) else None


def _outcome(journey: Row, facts: Facts) -> None:
    by_code = {item.code: item for item in facts.questionnaires}
    phq9, anxiety = by_code[facts.always], _anxiety_measure(journey, facts)
    journey["ADSM"] = anxiety.adsm
    journey["ADSM_FirstScore"] = journey[f"{anxiety.column}_FirstScore"]
    journey["ADSM_LastScore"] = journey[f"{anxiety.column}_LastScore"]
    pairs = [
        (item, journey[f"{item.column}_FirstScore"], journey[f"{item.column}_LastScore"])
        for item in (phq9, anxiety)
    ]
    finished = journey["CompletedTreatment_Flag"]
    firsts = [_at_caseness(item, first) for item, first, _ in pairs if first is not None]
    journey["Paired_Flag"] = paired = all(last is not None for *_, last in pairs)
    journey["Caseness_Flag"] = finished and any(firsts)
    journey["NotCaseness_Flag"] = finished and len(firsts) == 2 and not any(firsts)
    judged = finished and paired
    fell = judged and any(_changed(item, first - last, facts) for item, first, last in pairs)
    rose = judged and any(_changed(item, last - first, facts) for item, first, last in pairs)
    well = judged and not any(_at_caseness(item, last) for item, _, last in pairs)
    journey["Recovery_Flag"] = journey["Caseness_Flag"] and well
    journey["ReliableImprovement_Flag"] = fell and not rose
    journey["ReliableDeterioration_Flag"] = rose and not fell
    journey["NoChange_Flag"] = judged and fell == rose


def _anxiety_measure(journey: Row, facts: Facts) -> Any:
    fallback = next(item for item in facts.questionnaires if item.code == facts.fallback)
    for item in facts.questionnaires:
        if item.caseness is None or item.reliable_change is None:
            continue
        matches = any(
            (journey["Validated_PresentingComplaint"] or "").startswith(start) for start in item.problems
        )
        if matches and journey[f"{item.column}_LastScore"] is not None:
            return item
    return fallback


def _at_caseness(item: Any, score: Decimal) -> bool:
    level = Decimal(str(item.caseness.value))
    return score > level if item.caseness.operator == ">" else score >= level


def _changed(item: Any, change: Decimal, facts: Facts) -> bool:
    enough = Decimal(str(item.reliable_change))
    return change > enough if facts.comparison == "more_than" else change >= enough


def _stage(journey: Row, facts: Facts) -> str | None:
    reached = None
    for name in facts.stages:
        if not STAGES[name](journey):
            break
        reached = name
    return reached


def _contact_row(journey: Row, contact: Row) -> Row:
    columns = (
        "service",
        "CareContDate",
        "AttendOrDNACode",
        "AppType",
        "PlannedCareContIndicator",
        "ConsMechanism",
    )
    more = ("IAPTLTCServiceInd", "treatment", "assessment", "therapies")
    return {"pathway_id": journey["pathway_id"], **{name: contact[name] for name in (*columns, *more)}}


def _events(journey: Row, contacts: list[Row], screens: list[Any], facts: Facts) -> list[Row]:
    order = (
        "referral",
        "assessment",
        "treatment",
        "contact",
        "did not attend",
        "cancelled",
        "not seen",
        "internet therapy",
        "discharge",
    )
    found = [(journey["ReferralRequestReceivedDate"], "referral")]
    for contact in contacts:
        found += [(contact["CareContDate"], event) for event in _what_happened(contact, facts)]
    found += [(day, "internet therapy") for day in screens]
    if journey["ServDischDate"] is not None:
        found.append((journey["ServDischDate"], "discharge"))
    found.sort(key=lambda pair: (pair[0], order.index(pair[1])))
    return [
        {"pathway_id": journey["pathway_id"], "date": day, "event": event, "sequence": place}
        for place, (day, event) in enumerate(found, start=1)
    ]


def _what_happened(contact: Row, facts: Facts) -> list[str]:
    codes, code = facts.derivations, contact["AttendOrDNACode"]
    if contact["attended"]:
        return [mark for mark in ("assessment", "treatment") if contact[mark]] or ["contact"]
    outcomes = (
        ("did not attend", codes.did_not_attend),
        ("cancelled", codes.cancelled),
        ("not seen", codes.not_seen),
    )
    return [event for event, meant in outcomes if code in meant]


def _answers(journey: Row, scores: list[Row], facts: Facts) -> list[Row]:
    """Answers to the questionnaire about experience, as sent; the same answer on the same day counts once."""
    found = {
        (row["day"], row["code"], row["score"])
        for row in scores
        if row["code"] in facts.derivations.experience_questions
        and row["score"] is not None
        and row["day"] is not None
    }
    return [
        {"pathway_id": journey["pathway_id"], "date": day, "question": code, "answer": answer}
        for day, code, answer in found
    ]


def journey_of(journey: Row, contacts: Rows, scores: Rows, facts: Facts) -> Row:
    """The derivations of one pathway alone: `journey` with its dates, complaint and nothing else.

    `contacts` are rows of IDS201 with `procedures`, the codes of their activities; `scores` have code, score and day.
    """
    found = dict(journey)
    mine = [
        _judge(found, row, [{"CodeProcAndProcStatus": code} for code in row["procedures"]], facts)
        for row in contacts
    ]
    _sessions(found, mine)
    _first_and_last(found, list(scores), facts)
    _outcome(found, facts)
    found["stage"] = _stage(found, facts)
    return found
