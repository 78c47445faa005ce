"""Journeys by SQL against journeys by plain loops, on random histories: every row, every column."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joinedup.definitions.derivations import Derivations
from joinedup.definitions.pathway import Pathway
from joinedup.definitions.places import Places
from joinedup.definitions.thresholds import Thresholds
from joinedup.journeys import derive
from joinedup.journeys.tables import READ
from tests.eighths import examples
from tests.reference import journeys as reference

PLACES, PATHWAY, THRESHOLDS = Places.load(), Pathway.load("talking_therapies"), Thresholds.load()
START = date(2024, 4, 1)
PROVIDERS, PERIODS = ["RV3", "RKL"], ["2024-04", "2024-05", "2024-06", "2024-12"]
SUPPORT = "1098051000000103"

DAYS = [START + timedelta(number) for number in range(40)]
MAYBE_DAYS = [*DAYS, *[None] * 12]
REQUESTS, PATIENTS = ["R1", "R2", "R3", "R4", "R5", "R6"], ["L1", "L2", "L3", None]
CONTACTS, ACTIVITIES = [f"C{number}" for number in range(1, 13)], [f"A{number}" for number in range(1, 13)]
SCORES = [
    *("0", "3", "4", "5", "7", "8", "9", "10", "12", "15", "16", "18", "19", "24", "27", "28", "40", "1.57"),
    *("2.30", "2.31", "3.03", "5.5", "5.50", "7.00", "07", "-1", "1e1", "999", "1000", "abc", "NaN"),
    *("2.3.1", "5.", " 7", "", None),
]  # fmt: skip
TOOLS = [
    *["720433000"] * 6, *["445455005"] * 5, *["473354003"] * 3, *["450326007"] * 3,
    *("473355002", "445552006", "450324005", "491581000000104", "446793008", "1128221000000100"),
    *("932621000000100", "932581000000100", "747901000000107", "747861000000100", "12345"),
]  # fmt: skip
CIRCUMSTANCES = [
    *("160549006", "309884000", "160542002", "366740002", "160538000", "20430005", "42035005", "766822004"),
    "15167005",
]

# The values each column takes, and how many rows a history has at most: few identifiers, so that rows meet.
ROWS: dict[str, tuple[int, dict[str, list[Any]]]] = {
    "IDS101": (9, {
        "ServiceRequestId": REQUESTS, "LocalPatientId": PATIENTS, "person_id": ["p1", "p2", "p3"],
        "EndCode": ["46", "47", "10", None], "SourceOfReferralIAPT": ["A1", "B1", None],
        "ReferralRequestReceivedDate": DAYS, "ServDischDate": MAYBE_DAYS,
        "Age_ReferralRequest_ReceivedDate": [17, 30, None],
    }),
    "IDS201": (20, {
        "CareContactId": CONTACTS, "ServiceRequestId": REQUESTS, "CareContDate": DAYS,
        "AttendOrDNACode": ["5", "5", "5", "6", "2", "3", "4", "7", None],
        "AppType": ["01", "02", "02", "02", "03", "04", "05", "06", None],
        "PlannedCareContIndicator": ["Y", "Y", "N", None],
        "ConsMechanism": ["01", "02", None],
        "IAPTLTCServiceInd": ["Y", "N", None], "SiteIDOfTreat": ["RV3CH", "RKL07", "XXXXX", None],
        "InterpreterPresentInd": ["1", "4", "X", "?", None],
    }),
    "IDS202": (20, {
        "CareActId": ACTIVITIES, "CareContactId": CONTACTS,
        "CodeProcAndProcStatus": [*[SUPPORT] * 4, None, None, "304891004:408730004", "999999"],
    }),
    "IDS606": (30, {
        "ServiceRequestId": REQUESTS, "CodedAssToolType": TOOLS, "PersScore": SCORES, "AssToolCompDate": DAYS,
    }),
    "IDS607": (60, {"CareActId": ACTIVITIES, "CodedAssToolType": TOOLS, "PersScore": SCORES}),
    "IDS603": (8, {
        "ServiceRequestId": REQUESTS, "FindSchemeInUse": ["01", "01", "04", None],
        "PresComp": ["F40.0", "f41.0", "F40.1", "F42.9", "F43.1", "F45.2", "83482000", "-", None],
        "PresCompCodSig": ["1", "2", None], "PresCompDate": MAYBE_DAYS,
    }),
    "IDS602": (3, {
        "ServiceRequestId": REQUESTS, "LongTermCondition": ["73211009", "748031000000103", "999", None],
    }),
    "IDS205": (8, {
        "ServiceRequestId": REQUESTS, "IntEnabledTherProg": ["one", "one", None],
        "StartDateIntEnabledTherLog": [START, START, None], "EndDateIntEnabledTherLog": [DAYS[9], None],
    }),
    "IDS001": (6, {
        "LocalPatientId": PATIENTS,
        "LocalAuthority": ["E09000005", "E09000007", "E06000001", None],
        "EthnicCategory": ["A", "K", "Z", None], "Gender": ["1", "2", None], "GenderIdentity": ["1", "3", None],
        "LanguageCodePreferred": ["en", "bn", None], "IndicesOfDeprivationDecile": [1, 10, None],
    }),
    "IDS004": (7, {
        "LocalPatientId": PATIENTS, "EmployStatus": ["01", "02", "08", "ZZ", "99", None],
        "SickAbsenceInd": ["Y", "N", None], "SSPInd": ["Y", "N", None], "EmployStatusRecDate": MAYBE_DAYS,
    }),
    "IDS007": (5, {"LocalPatientId": PATIENTS, "DisabCode": ["NN", "ZZ", "05", "XX", None]}),
    "IDS011": (7, {
        "LocalPatientId": PATIENTS, "SocPerCircumstance": CIRCUMSTANCES,
        "SocPerCircumstanceRecDate": [START, DAYS[9], None],
    }),
}  # fmt: skip
# Scores near the thresholds, where a sign turned round shows.
PHQ9, GAD7 = ["3", "4", "9", "10", "15", "16"], ["3", "4", "7", "8", "11", "12"]
PROBLEMS = [
    (None, "450326007", ["7", "8"]),
    ("F32.1", "446793008", ["17", "18", "21", "22"]),
    ("F40.0", "473354003", ["2.30", "2.31", "3.03", "3.04", "1.57"]),
    ("F40.1", "445552006", ["8", "9", "18", "19", "28", "29"]),
    ("F41.0", "450326007", ["2", "3", "7", "8", "12", "13"]),
    ("F42.9", "450324005", ["7", "8", "39", "40", "71"]),
    ("F43.1", "491581000000104", ["21", "22", "31", "32", "42"]),
    ("F45.2", "446793008", ["14", "17", "18", "22"]),
]
WASAS_AND_OTHERS = [item.snomed for item in Derivations.load().wasas] + [
    "1083671000000108",
    "1065441000000103",
    "1128221000000100",
]
NAMES = ("ServiceRequestId", "LocalPatientId", "person_id", "CareContactId", "CareActId")


def histories(seed: int, people: int) -> list[dict[str, list[dict[str, Any]]]]:
    """`people` small worlds that share no identifier, so that the slow way can take them one at a time.

    A third are noise, where anything may meet anything; the others are courses with noise sprinkled over.
    """
    source = random.Random(seed)
    return [_history(source, f".{number}", course=number % 3 > 0) for number in range(people)]


def _history(source: random.Random, ending: str, *, course: bool) -> dict[str, list[dict[str, Any]]]:
    periods = source.sample(PERIODS, source.choice([1, 2, 3, 4]))
    trusts = source.sample(PROVIDERS, source.choice([1, 1, 2]))
    history = {}
    for table, (most, columns) in ROWS.items():
        rows = []
        for _ in range(source.randint(0, most // 5 if course else most)):
            row = {name: source.choice(values) for name, values in columns.items()}
            rows.append({**row, "provider": source.choice(trusts), "period": source.choice(periods)})
        history[table] = rows
    if course:
        _add_course(source, history, trusts[0], periods[0])
    for rows in history.values():
        source.shuffle(rows)
        for place, row in enumerate(rows):
            row |= {name: f"{row[name]}{ending}" for name in NAMES if row.get(name) is not None}
            row["_row"] = place + 1
    return history


def _add_course(
    source: random.Random, history: dict[str, list[dict[str, Any]]], trust: str, period: str
) -> None:
    """A referral with attended treatments and their scores: the long road on which flags are decided."""

    def add(table: str, **known: Any) -> None:
        row = {name: source.choice(values) for name, values in ROWS[table][1].items()}
        history[table].append({**row, "provider": trust, "period": period, **known})

    ends = source.choice([DAYS[-1], DAYS[-1], DAYS[-1], None])
    add(
        "IDS101", ServiceRequestId="R0", person_id="p0", ReferralRequestReceivedDate=START, ServDischDate=ends
    )
    problem, tool, usual = source.choice(PROBLEMS)
    if problem:
        add("IDS603", ServiceRequestId="R0", FindSchemeInUse="01", PresComp=problem, PresCompCodSig="1")
    specific = source.random() < 0.7
    for place, day in enumerate(sorted(source.choices(DAYS, k=source.randint(1, 5)))):
        contact = {"CareContactId": f"K{place}", "ServiceRequestId": "R0", "CareContDate": day}
        add("IDS201", **contact, AttendOrDNACode="5", AppType=source.choice(["02", "03", "05"]))
        add("IDS202", CareActId=f"B{place}", CareContactId=f"K{place}", CodeProcAndProcStatus="304891004")
        for code, likely in (("720433000", PHQ9), ("445455005", GAD7), (tool, usual)):
            if source.random() < 0.9 and (code != tool or specific):
                add("IDS607", CareActId=f"B{place}", CodedAssToolType=code, PersScore=source.choice(likely))
        for code in source.sample(WASAS_AND_OTHERS, 4):
            add("IDS606", ServiceRequestId="R0", AssToolCompDate=day, CodedAssToolType=code)


def arrow(history: dict[str, list[dict[str, Any]]]) -> dict[str, pa.Table]:
    return {table: pa.Table.from_pylist(rows, schema=READ[table]) for table, rows in history.items()}


def plain(row: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    """A row as something that can be counted; scores as the 32-bit numbers they are stored as."""
    values = {
        name: float(np.float32(value))
        if isinstance(value, Decimal)
        else tuple(value)
        if isinstance(value, list)
        else value
        for name, value in row.items()
    }
    return tuple(sorted(values.items()))


def same(name: str, fast: pa.Table, slow: list[dict[str, Any]]) -> None:
    made = fast if name == "journeys" else fast.drop_columns(["referral_month"])
    found, wanted = Counter(map(plain, made.to_pylist())), Counter(map(plain, slow))
    assert found == wanted, f"{name}: only by SQL {found - wanted}, only by hand {wanted - found}"


FACTS = reference.Facts.of(PLACES, PATHWAY, THRESHOLDS)


def test_the_random_histories_reach_every_outcome() -> None:
    """Guards the test below, which proves nothing about a flag never raised or a column never filled."""
    worlds = histories(1, 600)
    together = {table: [row for world in worlds for row in world[table]] for table in ROWS}
    made = derive(arrow(together), places=PLACES, pathway=PATHWAY, thresholds=THRESHOLDS).journeys
    for column in made.column_names:
        seen = Counter(made[column].to_pylist())
        assert len(seen) > 1, f"{column} is always {seen}"
        if column.endswith("_Flag"):
            assert seen[True] > 5, f"{column} is hardly ever true: {seen}"
    assert set(made["ADSM"].to_pylist()) == {item.adsm for item in THRESHOLDS.specific} | {"GAD"}
    assert set(made["stage"].to_pylist()) == set(PATHWAY.stage_names)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), people=st.integers(1, 100))
def test_sql_and_loops_agree_on_every_column(seed: int, people: int) -> None:
    worlds = histories(seed, people)
    together = {table: [row for world in worlds for row in world[table]] for table in ROWS}
    fast = derive(arrow(together), places=PLACES, pathway=PATHWAY, thresholds=THRESHOLDS)
    slow = [reference.derive(world, FACTS) for world in worlds]
    for name in ("journeys", "contacts", "events", "answers"):
        same(name, getattr(fast, name), [row for found in slow for row in found[name]])
