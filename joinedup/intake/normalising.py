"""Accepted rows to the rows a lake may hold: typed, keyed, and without anything that names a person.

NHS number, birth date and postcode end here. What they are needed for (who it is, how old, which small area)
is worked out on the way, and only the answers go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from joinedup.definitions.return_spec import ReturnSpec, Table
from joinedup.intake.ages import ages_on, dates_of
from joinedup.intake.areas import SCHEMA as AREA_SCHEMA
from joinedup.intake.areas import AreaLookup
from joinedup.linkage.keys import Key
from joinedup.linkage.person import Known, keyed_local_id, person_ids, valid_nhs_numbers

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
# The same on every row of a submission, so they travel as dictionaries of one value.
_MARK = pa.dictionary(pa.int8(), pa.string())


def lake_schema(table: Table) -> pa.Schema:
    """Columns and types of `returns/<table>` in the lake: national ones typed, what is added, marks."""
    national = [
        pa.field(c.name, _TYPES.get(c.type, pa.string())) for c in table.columns if c.name not in DROPPED
    ]
    marks = [pa.field(name, pa.string()) for name in ("provider", "period", "submission")]
    return pa.schema([*national, *_ADDED.get(table.id, ()), *marks, pa.field("_row", pa.int32())])


@dataclass
class Normaliser:
    """Turns accepted tables of one submission after another into lake rows; remembers hashes between."""

    spec: ReturnSpec
    key: Key
    areas: AreaLookup
    known: Known = field(default_factory=dict)

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
        (provider, period and submission dictionary-encoded)."""
        people = self._people(accepted[PERSON], provider)
        marks = {"provider": provider, "period": period, "submission": content_hash[:16]}
        arrays = {name: pa.array([value]) for name, value in marks.items()}
        return {
            table.id: self._table(table, accepted.get(table.id), people, arrays, period_start)
            for table in self.spec.tables
        }

    def _people(self, rows: pa.Table, provider: str) -> _People:
        local = _whole(rows.column(PATIENT))
        numbers = _whole(rows.column("NHSNumber"))
        return _People(
            provider,
            local,
            keyed_local_id(provider, local, self.key, known=self.known),
            person_ids(numbers, provider, local, self.key, known=self.known),
            valid_nhs_numbers(numbers),
            dates_of(rows.column("PersonBirthDate")),
        )

    def _table(
        self,
        table: Table,
        rows: pa.Table | None,
        people: _People,
        marks: Mapping[str, pa.Array],
        period_start: date,
    ) -> pa.Table:
        schema = lake_schema(table)
        if rows is None or not len(rows):
            return _with_marks(schema.empty_table(), marks)
        columns = {
            c.name: self._column(rows, c.name, c.type, people) for c in table.columns if c.name not in DROPPED
        }
        if table.id == PERSON:
            columns |= self._of_person(rows, people, period_start)
        elif table.id == REFERRAL:
            columns |= _of_referral(rows, people)
        columns["_row"] = rows.column("_row").cast(pa.int32())
        plain = [name for name in schema.names if name not in marks]
        return _with_marks(pa.table({name: columns[name] for name in plain}), marks)

    def _column(self, rows: pa.Table, name: str, kind: str, people: _People) -> pa.Array | pa.ChunkedArray:
        values = rows.column(name)
        if name == PATIENT:
            return self._keyed(values, people)
        if kind == "date":
            return dates_of(values)
        return _integers(values) if kind == "integer" else values

    def _keyed(self, values: pa.ChunkedArray, people: _People) -> pa.Array:
        keyed = pc.take(people.keyed, people.places(values))
        if keyed.null_count == values.null_count:
            return keyed
        return pc.coalesce(keyed, keyed_local_id(people.provider, values, self.key, known=self.known))

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
    """The rows of IDS001, in order, and what was made of them."""

    provider: str
    local: pa.Array
    keyed: pa.Array
    person: pa.Array
    number_valid: pa.Array
    born: pa.Array

    def places(self, local_ids: pa.ChunkedArray) -> pa.Array:
        """The row of IDS001 for each local identifier, null where there is none."""
        return _whole(pc.index_in(local_ids, value_set=self.local, skip_nulls=True))


def _of_referral(rows: pa.Table, people: _People) -> Mapping[str, pa.Array]:
    places = people.places(rows.column(PATIENT))
    received = dates_of(rows.column("ReferralRequestReceivedDate"))
    return {
        "person_id": pc.take(people.person, places),
        "Age_ReferralRequest_ReceivedDate": ages_on(pc.take(people.born, places), received),
    }


def _integers(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whole numbers, int32; null where the text is none (a warning, or a rejected row, said so)."""
    numeric = pc.match_substring_regex(values, r"^-?[0-9]{1,9}$")
    return pc.if_else(numeric, values, pa.scalar(None, pa.string())).cast(pa.int32())


def _with_marks(rows: pa.Table, marks: Mapping[str, pa.Array]) -> pa.Table:
    rest = rows.drop_columns([name for name in marks if name in rows.column_names])
    at = rest.column_names.index("_row")
    for position, (name, value) in enumerate(marks.items()):
        repeated = pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int8()), len(rest)), value)
        rest = rest.add_column(at + position, pa.field(name, _MARK), repeated)
    return rest


def _whole(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    if not isinstance(values, pa.ChunkedArray):
        return values
    return pa.concat_arrays(values.chunks) if values.num_chunks else pa.array([], values.type)
