"""Small indexes in which people share values, numbers are missing or wrong, and indexes hold people twice."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import strategies as st

FIELDS = ("nhs_number", "first_name", "surname", "birth_date", "postcode", "gender")
NUMBERS = ("9434765919", "9434765870", "4010232137", "9434765918", None)  # the fourth fails its check digit
Records = list[dict[str, str | None]]

_VALUES = {
    "nhs_number": NUMBERS,
    "first_name": ("Ada", "ADA", "Adam", "José", None),
    "surname": ("Khan", "Khanum", "O'Brien", "Obrien", None),
    "birth_date": ("1980-02-03", "1980-03-02", None),
    "postcode": ("W1 1AA", "w11aa", "NW1 2BB", "ZZ99 3VZ", None),
    "gender": ("1", "2", "F", "9", None),
}


@st.composite
def pools(draw: st.DrawFn, *, named: bool = True, most: int = 10) -> Records:
    """Records of two or three sources."""
    values = {
        field: st.sampled_from(options) if named or field not in ("first_name", "surname") else st.none()
        for field, options in _VALUES.items()
    }
    rows = draw(st.lists(st.fixed_dictionaries({"source": st.sampled_from("ABC"), **values}), max_size=most))
    return [{**row, "local_id": f"{row['source']}{place}"} for place, row in enumerate(rows)]


def as_indexes(records: Records) -> dict[str, pa.Table]:
    indexes = {}
    for source in "ABC":
        rows = [row for row in records if row["source"] == source]
        columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in ("local_id", *FIELDS)}
        indexes[source] = pa.table(columns)
    return indexes
