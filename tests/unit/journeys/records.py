"""Small random records: referrals with contacts and scores, as rows for the reference and clustered for the kernel."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from joinedup.definitions.derivations import Derivations
from joinedup.definitions.thresholds import Thresholds
from joinedup.journeys.clustered import MISSING, Clustered, Coder, Contacts, Scores, cluster
from joinedup.journeys.lookups import scored_columns
from joinedup.journeys.rules import NO_SUPPORT, ONLY_SUPPORT, SOME_SUPPORT, Kind

EPOCH = date(1970, 1, 1)
START = date(2024, 4, 1)
SUPPORT = "1098051000000103"
CODES: dict[str, tuple[Any, ...]] = {
    "AttendOrDNACode": ("5", "5", "5", "6", "2", "3", "4", "7", None),
    "AppType": ("01", "02", "02", "02", "03", "04", "05", "06", None),
    "PlannedCareContIndicator": ("Y", "Y", "Y", "N", None),
    "IAPTLTCServiceInd": ("Y", "N", None),
    "InterpreterPresentInd": ("1", "4", "X", "?", None),
}
PROCEDURES = ((), (), ("304891004",), (SUPPORT,), (SUPPORT, "304891004"), (SUPPORT, SUPPORT), (None, SUPPORT))
COMPLAINTS = (None, "F321", "F400", "F401", "F410", "F429", "F431", "F452", "83482000")
PEOPLE: dict[str, tuple[Any, ...]] = {
    "borough": ("E09000005", "E09000007", "E06000001", None),
    "EthnicCategory": ("A", "B", "J", "K", "R", "Z", None),
    "IndicesOfDeprivationDecile": (1, 2, 3, 5, 6, 9, 10, None),
    "Age_ReferralRequest_ReceivedDate": (15, 17, 18, 25, 26, 64, 70, 90, None),
    "Gender": ("1", "2", "9", "X", None),
    "EndCode": ("10", "46", "47", "50", None),
}


@dataclass(frozen=True)
class Pathway:
    """One pathway as the reference takes it."""

    journey: dict[str, Any]
    contacts: list[dict[str, Any]]
    scores: list[dict[str, Any]]


def pathways(seed: int, count: int, days: int = 12) -> list[Pathway]:
    """So many pathways; `days` is how far dates spread, few so that contacts and scores fall on the same day."""
    source = random.Random(seed)
    return [_pathway(source, source.choice([1, days])) for _ in range(count)]


def _pathway(source: random.Random, days: int) -> Pathway:
    received = START + timedelta(source.randint(0, 90))
    ended = received + timedelta(source.randint(-1, days)) if source.random() < 0.7 else None
    journey = {name: source.choice(values) for name, values in PEOPLE.items()} | {
        "ReferralRequestReceivedDate": received,
        "ServDischDate": ended,
        "Validated_PresentingComplaint": source.choice(COMPLAINTS),
    }

    def day() -> date:
        return received + timedelta(source.randint(-1, days))

    contacts = [
        {name: source.choice(values) for name, values in CODES.items()}
        | {"CareContDate": day(), "procedures": source.choice(PROCEDURES)}
        for _ in range(source.choice([0, 1, 1, 3, 8]))
    ]
    scores = [
        {"code": code, "score": score, "day": day()}
        for code, score in (_score(source) for _ in range(source.choice([0, 1, 4, 12])))
    ]
    if ended and ended > received and source.random() < 0.5:
        _course(source, contacts, scores, received, (ended - received).days)
    return Pathway(journey, contacts, scores)


def _course(
    source: random.Random,
    contacts: list[dict[str, Any]],
    scores: list[dict[str, Any]],
    start: date,
    days: int,
) -> None:
    """Attended treatments, and both questionnaires at the start and the end: the long road to recovery."""
    for _ in range(source.randint(1, 3)):
        row = {name: source.choice(values) for name, values in CODES.items()}
        row |= {"AttendOrDNACode": "5", "AppType": "02", "procedures": ("304891004",)}
        contacts.append({**row, "CareContDate": start + timedelta(source.randint(0, days))})
    for item in (Thresholds.load()["PHQ9"], Thresholds.load()["GAD7"]):
        at = int(item.caseness.value) if item.caseness else 0
        for day, low, high in ((0, at - 2, at + 7), (days, at - 6, at + 4)):
            score = {"code": item.snomed[0], "score": str(source.randint(low, high))}
            scores.append({**score, "day": start + timedelta(day)})


def _score(source: random.Random) -> tuple[str, str]:
    """A valid score near the threshold of its questionnaire, for where a sign turned round shows."""
    items = [item for item in Thresholds.load().questionnaires if item.snomed and item.high is not None]
    main = [item for item in items if item.code in ("PHQ9", "GAD7")]
    item = source.choice(main if source.random() < 0.6 else items)
    if item.column == "AgoraAlone":
        return item.snomed[0], source.choice(["2.30", "2.31", "3.03", "3.04", "1.57", "0", "5"])
    at = item.caseness.value if item.caseness else 10
    near = at + source.choice([-8, -7, -6, -5, -4, -3, -1, 0, 1, 3, 4, 5, 6, 10, 14])
    return item.snomed[0], str(int(min(max(near, item.low or 0), item.high or 0)))


def number(day: date | None) -> int:
    """Days since 1970-01-01."""
    return MISSING if day is None else (day - EPOCH).days


def clustered(found: list[Pathway], seed: int = 0, coder: Coder | None = None) -> tuple[Clustered, Coder]:
    """The pathways as the kernel takes them; contacts and scores are handed over shuffled."""
    coder = coder or Coder()
    columns = {
        name: coder.codes(name, pa.array([one.journey[name] for one in found]))
        for name in (*PEOPLE, "Validated_PresentingComplaint")
    }
    contacts = [(at, row) for at, one in enumerate(found) for row in one.contacts]
    scores = [(at, row) for at, one in enumerate(found) for row in one.scores]
    random.Random(seed).shuffle(contacts)
    random.Random(seed).shuffle(scores)
    return cluster(
        np.array([number(one.journey["ReferralRequestReceivedDate"]) for one in found], np.int32),
        np.array([number(one.journey["ServDischDate"]) for one in found], np.int32),
        _contacts(contacts, coder),
        _scores(scores),
        columns,
    ), coder


def _contacts(rows: list[tuple[int, dict[str, Any]]], coder: Coder) -> Contacts:
    table = {name: pa.array([row[name] for _, row in rows], pa.string()) for name in CODES}
    support = [_support(row["procedures"]) for _, row in rows]
    kinds = pa.table({**table, Kind._fields[-1]: pa.array(support, pa.int8())}).select(Kind._fields)
    return Contacts(
        np.array([at for at, _ in rows], np.int64),
        np.array([number(row["CareContDate"]) for _, row in rows], np.int64),
        coder.kinds("kind", kinds),
    )


def _support(procedures: tuple[str | None, ...]) -> int:
    found = [code == SUPPORT for code in procedures]
    if not any(found):
        return NO_SUPPORT
    return ONLY_SUPPORT if all(found) else SOME_SUPPORT


def _scores(rows: list[tuple[int, dict[str, Any]]]) -> Scores:
    derivations, thresholds = Derivations.load(), Thresholds.load()
    columns = scored_columns(derivations, thresholds)
    question = {code: columns.index(item.column) for code, item in thresholds.by_snomed.items()}
    return Scores(
        np.array([at for at, _ in rows], np.int64),
        np.array([number(row["day"]) for _, row in rows], np.int64),
        np.array([question[row["code"]] for _, row in rows], np.int64),
        np.array([round(float(row["score"]) * 100) for _, row in rows], np.int64),
    )
