"""Small tables of journeys for tests: drawn cell by cell, so that Hypothesis can shrink them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import pyarrow as pa

from joinedup.journeys.tables import ANSWERS, CONTACTS, EVENTS, JOURNEYS

FIRST, LAST = date(2025, 1, 1), date(2025, 6, 30)
SERVICES = ("RV3CH", "RKL07", "RKL14", "XX999", None)
BOROUGHS = ("E09000005", "E09000009", "E06000001", None)
TEXTS: dict[str, tuple[str | None, ...]] = {
    "service": SERVICES,
    "borough": BOROUGHS,
    "provider": ("RV3", "RKL"),
    "EndCode": ("10", "46", "47", "50", "99", None),
    "SourceOfReferralIAPT": ("A1", "B1", None),
    "ADSM": ("GAD", "OCD", "PTSD", None),
    "Validated_PresentingComplaint": ("F400", "F422", "F431", "F32", None),
    "EthnicCategory": ("A", "B", "J", "R", "Z", None),
    "Gender": ("1", "2", "9", None),
    "SickpayIndicator_First": ("Y", "N", None),
    "SickpayIndicator_Last": ("Y", "N", None),
    "EmployStatus_First": ("01", "02", "ZZ", None),
    "EmployStatus_Last": ("01", "02", "ZZ", None),
    "SickAbsenceInd_First": ("Y", "N", "8", None),
    "SickAbsenceInd_Last": ("Y", "N", "8", None),
}
ANSWER_TEXTS = {
    "question": ("747901000000107", "747861000000100", "747891000000106"),
    "answer": ("0", "4", "Y", "N", "NA"),
}


@dataclass(frozen=True)
class Small:
    """What `calculate` reads, a handful of rows of each."""

    journeys: pa.Table
    contacts: pa.Table
    events: pa.Table
    answers: pa.Table
    rule: str = "first-referral-1"
    snapshot: int | None = 3
    first_day: date = FIRST
    last_day: date = LAST

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        names = ("journeys", "contacts", "events", "answers")
        return {name: getattr(self, name).to_pylist() for name in names}


def small(random: Random, journeys: int, each: int = 3) -> Small:
    """So many journeys, with up to `each` contacts, events and answers apiece, all of it at random."""
    rows = [_row(random, JOURNEYS, f"p{number}") for number in range(journeys)]
    inner = [row["pathway_id"] for row in rows for _ in range(random.randint(0, each))]
    return Small(
        pa.Table.from_pylist(rows, schema=JOURNEYS),
        pa.Table.from_pylist([_row(random, CONTACTS, pathway) for pathway in inner], schema=CONTACTS),
        pa.Table.from_pylist([_row(random, EVENTS, pathway) for pathway in inner], schema=EVENTS),
        pa.Table.from_pylist([_row(random, ANSWERS, pathway) for pathway in inner], schema=ANSWERS),
    )


def drawn(**columns: Any) -> Small:
    """Journeys with these columns and nothing else known: each column is a list, or one value for all."""
    rows = max(len(values) for values in columns.values() if isinstance(values, list))
    whole = {
        name: values if isinstance(values, list) else [values] * rows for name, values in columns.items()
    }
    whole.setdefault("pathway_id", [f"p{number}" for number in range(rows)])
    whole.setdefault("service", ["RV3CH"] * rows)
    table = pa.Table.from_pylist(
        [dict(zip(whole, row, strict=True)) for row in zip(*whole.values(), strict=True)], JOURNEYS
    )
    return Small(table, CONTACTS.empty_table(), EVENTS.empty_table(), ANSWERS.empty_table())


def consistent(one: Small) -> Small:
    """The same journeys with flags that can be true together: outcomes only of the finished."""
    rows = one.journeys.to_pylist()
    for row in rows:
        done = bool(row["CompletedTreatment_Flag"]) and row["ServDischDate"] is not None
        below = done and bool(row["NotCaseness_Flag"])
        row |= {
            "CompletedTreatment_Flag": done,
            "NotCaseness_Flag": below,
            "Caseness_Flag": done and not below,
        }
        row["Recovery_Flag"] = done and not below and bool(row["Recovery_Flag"])
        row["ReliableImprovement_Flag"] = done and bool(row["ReliableImprovement_Flag"])
    return Small(pa.Table.from_pylist(rows, schema=JOURNEYS), one.contacts, one.events, one.answers)


def _row(random: Random, schema: pa.Schema, pathway: str) -> dict[str, Any]:
    found = {field.name: _cell(random, field) for field in schema}
    return {**found, "pathway_id": pathway} | _always(random, schema)


def _always(random: Random, schema: pa.Schema) -> dict[str, Any]:
    """Dates without which the row would not be there."""
    if schema is ANSWERS:
        return {name: random.choice(values) for name, values in ANSWER_TEXTS.items()} | {"date": _day(random)}
    if schema is EVENTS:
        return {"date": _day(random), "event": random.choice(["internet therapy", "referral"])}
    if schema is CONTACTS:
        codes = {
            "AttendOrDNACode": random.choice("234567"),
            "AppType": random.choice(["01", "02", "03", "05", "06"]),
        }
        codes |= {"ConsMechanism": random.choice(["01", "02", "11", "77", None])}
        return codes | {
            "CareContDate": _day(random),
            "therapies": random.choice([[], ["304891004"], ["449030000", "443730003"]]),
        }
    return {"ReferralRequestReceivedDate": _day(random)}


def _cell(random: Random, field: pa.Field) -> Any:
    if field.name in TEXTS:
        return random.choice(TEXTS[field.name])
    if pa.types.is_date(field.type):
        return random.choice([None, _day(random)])
    if pa.types.is_boolean(field.type):
        return random.choice([True, True, False, None])
    if pa.types.is_integer(field.type):
        return random.choice([None, *range(1, 11)])
    if pa.types.is_floating(field.type):
        return random.choice([None, 0.0, 3.0, 9.0, 10.0, 80.0])
    return None if pa.types.is_list(field.type) else random.choice([None, "Y", "N"])


def _day(random: Random) -> date:
    return FIRST + timedelta(days=random.randint(-40, (LAST - FIRST).days + 10))
