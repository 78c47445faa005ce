"""Accepted rows to the rows a lake may hold: typed, keyed, and without anything that names a person.

NHS number, birth date and postcode end here. What they are needed for (who it is, how old, which small area)
is worked out on the way, and only the answers go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.definitions.return_spec import ReturnSpec, Table
from joinedup.intake.ages import ages_on, dates_of
from joinedup.intake.areas import SCHEMA as AREA_SCHEMA
from joinedup.intake.areas import AreaLookup
from joinedup.linkage.keys import Key
from joinedup.linkage.person import Known, identified, keyed_local_id
from joinedup.returns.coded import NO_TEXT, coded, decoded_column
from joinedup.returns.identifiers import CODED, coded_as_one, identifiers

PERSON, REFERRAL, PATIENT = "IDS001", "IDS101", "LocalPatientId"
DROPPED = ("NHSNumber", "PersonBirthDate", "Postcode")
_TYPES = {"date": pa.date32(), "integer": pa.int32()}
_ADDED = {
    PERSON: (
        pa.field("person_id", pa.string()),
        pa.field("nhs_number_valid", pa.bool_()),
        pa.field("Age_RP_StartDate", pa.int16()),
        *(AREA_SCHEMA.field(name) for name in AREA_SCHEMA.names if name != "postcode"),
    ),
    REFERRAL: (pa.field("person_id", pa.string()), pa.field("Age_ReferralRequest_ReceivedDate", pa.int16())),
}
_MARKS = ("provider", "period", "submission")


def lake_schema(table: Table) -> pa.Schema:
    """Columns and types of `returns/<table>` in the lake: national ones typed, what is added, marks."""
    national = [
        pa.field(c.name, _TYPES.get(c.type, pa.string())) for c in table.columns if c.name not in DROPPED
    ]
    marks = [pa.field(name, pa.string()) for name in _MARKS]
    return pa.schema([*national, *_ADDED.get(table.id, ()), *marks, pa.field("_row", pa.int32())])


@dataclass
class Normaliser:
    """Turns accepted tables of one submission after another into lake rows; remembers hashes between."""

    spec: ReturnSpec
    key: Key
    areas: AreaLookup
    known: Known = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._shared = identifiers(self.spec)
        self._plain = self._shared | {"person_id"}  # a person has one row of IDS001, and few of IDS101

    def __call__(
        self,
        accepted: Mapping[str, pa.Table],
        *,
        provider: str,
        period: str,
        period_start: date,
        content_hash: str,
    ) -> Mapping[str, pa.Table]:
        """Every table of the specification, empty where nothing was sent, in the schema of `lake_schema`
        with every text column dictionary-encoded but identifiers."""
        accepted = coded_as_one(accepted, frozenset({PATIENT}))
        people = self._people(accepted[PERSON], provider)
        marks = {"provider": provider, "period": period, "submission": content_hash[:16]}
        arrays = {name: pa.array([value]) for name, value in marks.items()}
        return {
            table.id: self._table(table, accepted.get(table.id), people, arrays, period_start)
            for table in self.spec.tables
        }

    def _people(self, rows: pa.Table, provider: str) -> _People:
        local, numbers = coded(rows.column(PATIENT)), coded(rows.column("NHSNumber"))
        keyed = keyed_local_id(provider, local, self.key, known=self.known)
        places = _first_places(local)
        texts = pc.take(keyed, places)
        if texts.null_count:  # identifiers that IDS001 lacks
            lacking = pc.is_null(texts)
            others = keyed_local_id(provider, local.dictionary.filter(lacking), self.key)
            texts = pc.replace_with_mask(texts, lacking, others)
        person, valid = identified(numbers, provider, local, self.key, known=self.known)
        return _People(places, texts, keyed, person, valid, dates_of(rows.column("PersonBirthDate")))

    def _table(
        self,
        table: Table,
        rows: pa.Table | None,
        people: _People,
        marks: Mapping[str, pa.Array],
        period_start: date,
    ) -> pa.Table:
        schema = _travelling(lake_schema(table), self._plain)
        if rows is None or not len(rows):
            return schema.empty_table()
        columns = {
            c.name: self._column(rows, c.name, c.type, people) for c in table.columns if c.name not in DROPPED
        }
        if table.id == PERSON:
            columns |= self._of_person(rows, people, period_start)
        elif table.id == REFERRAL:
            columns |= _of_referral(rows, people)
        columns |= {name: _repeated(value, len(rows)) for name, value in marks.items()}
        columns["_row"] = rows.column("_row").cast(pa.int32())
        return pa.table([_as(columns[field.name], field.type) for field in schema], schema=schema)

    def _column(self, rows: pa.Table, name: str, kind: str, people: _People) -> pa.Array:
        values = coded(rows.column(name))
        if name == PATIENT:
            return pc.take(people.keyed_texts, values.indices)
        if kind == "date":
            return dates_of(values)
        if kind == "integer":
            return _integers(values)
        # What other tables or rejected rows hold stays behind.
        return decoded_column(values) if name in self._shared else values

    def _of_person(self, rows: pa.Table, people: _People, period_start: date) -> Mapping[str, pa.Array]:
        areas = self.areas(rows.column("Postcode"))
        return {
            "person_id": people.person,
            "nhs_number_valid": people.number_valid,
            "Age_RP_StartDate": ages_on(
                people.born, pa.repeat(pa.scalar(period_start, pa.date32()), len(rows))
            ),
            **{name: areas.column(name) for name in areas.column_names},
        }


@dataclass(frozen=True)
class _People:
    """For each different local identifier of the return its row of IDS001, null where there is none, and its keyed
    form; for each row of IDS001 what was made of it."""

    places: pa.Array
    keyed_texts: pa.Array
    keyed: pa.Array
    person: pa.Array
    number_valid: pa.Array
    born: pa.Array


def _first_places(column: pa.DictionaryArray) -> pa.Array:
    """For each text of a column the first row that holds it, null where none does."""
    codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    places = np.full(len(column.dictionary) + 1, -1)
    places[codes[::-1]] = np.arange(len(codes))[::-1]
    return pa.array(places[:-1], mask=places[:-1] < 0)


def _of_referral(rows: pa.Table, people: _People) -> Mapping[str, pa.Array]:
    own = pc.take(people.places, coded(rows.column(PATIENT)).indices)
    received = dates_of(rows.column("ReferralRequestReceivedDate"))
    return {
        "person_id": pc.take(people.person, own),
        "Age_ReferralRequest_ReceivedDate": ages_on(pc.take(people.born, own), received),
    }


def _integers(values: pa.DictionaryArray) -> pa.Array:
    """Whole numbers, int32; null where the text is none (a warning, or a rejected row, said so)."""
    texts = values.dictionary
    numeric = pc.match_substring_regex(texts, r"^-?[0-9]{1,9}$")
    numbers = pc.if_else(numeric, texts, NO_TEXT).cast(pa.int32())
    return pc.take(numbers, values.indices)


def _travelling(schema: pa.Schema, plain: frozenset[str]) -> pa.Schema:
    """Texts travel as codes into their different values, the form in which Parquet stores them too, save those `plain`,
    which hardly repeat."""
    return pa.schema(
        [f.with_type(CODED) if f.type == pa.string() and f.name not in plain else f for f in schema]
    )


def _repeated(value: pa.Array, times: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(times, dtype=np.int32)), value)


def _as(values: pa.Array | pa.ChunkedArray, kind: pa.DataType) -> pa.Array | pa.ChunkedArray:
    return coded(values) if kind == CODED else values
