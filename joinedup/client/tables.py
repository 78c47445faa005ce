"""Answers of a workspace as tables, with the state and the release rule they are of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

TEXT, WHOLE, NUMBER, DAY, YES, MOMENT = "string", "int64", "float64", "date32", "bool", "timestamp"
FIGURE = {
    "code": TEXT, "measure": TEXT, "measure_id": TEXT, "version": WHOLE, "statistic": TEXT, "unit": TEXT,
    "period": TEXT, "period_start": DAY, "period_end": DAY, "level": TEXT, "place": TEXT,
    "place_name": TEXT, "breakdown": TEXT, "group": TEXT, "breakdown_2": TEXT, "group_2": TEXT,
    "numerator": WHOLE, "denominator": WHOLE, "value": NUMBER, "lower": NUMBER, "upper": NUMBER,
    "hidden": TEXT,
}  # fmt: skip
MEASURE = {
    "measure_id": TEXT, "measure": TEXT, "title": TEXT, "version": WHOLE, "statistic": TEXT, "unit": TEXT,
    "official": YES, "lens": TEXT, "better": TEXT, "date_basis": TEXT, "numerator": TEXT,
    "denominator": TEXT, "source": TEXT, "figures": WHOLE, "published": WHOLE,
}  # fmt: skip
GAP = {
    "code": TEXT, "place": TEXT, "place_name": TEXT, "by": TEXT, "group": TEXT, "reference": TEXT, "period": TEXT,
    "follow_up_months": WHOLE, "gap": NUMBER, "lower": NUMBER, "upper": NUMBER, "fewer_recoveries": NUMBER,
    "hidden": TEXT,
}  # fmt: skip
STAGE = {
    "code": TEXT, "stage": TEXT, "kind": TEXT, "label": TEXT, "contribution": NUMBER, "lower": NUMBER,
    "upper": NUMBER, "claimed": YES, "fewer_recoveries": NUMBER, "extra_leavers": NUMBER, "hidden": TEXT,
}  # fmt: skip
STEP = {
    "code": TEXT, "series": TEXT, "step": TEXT, "part": TEXT, "count": WHOLE, "hidden": TEXT,
}  # fmt: skip
WAIT = {
    "code": TEXT, "wait": TEXT, "kind": TEXT, "by": TEXT, "group": TEXT, "period": TEXT, "people": WHOLE,
    "week": WHOLE, "end": TEXT, "waiting": NUMBER, "lower": NUMBER, "upper": NUMBER, "ended": NUMBER,
    "hidden": TEXT,
}  # fmt: skip
CELL = {
    "table": TEXT, "row": TEXT, "column": TEXT, "text": TEXT, "value": NUMBER, "unit": TEXT, "code": TEXT,
    "hidden": TEXT,
}  # fmt: skip
PLACE = {
    "code": TEXT, "name": TEXT, "short_name": TEXT, "level": TEXT, "valid_from": DAY, "valid_to": DAY,
    "successor": TEXT,
}  # fmt: skip
EARLIER = {
    "snapshot": WHOLE, "released": TEXT, "code": TEXT, "figure": TEXT, "numerator": WHOLE, "denominator": WHOLE,
    "value": NUMBER, "lower": NUMBER, "upper": NUMBER, "hidden": TEXT,
}  # fmt: skip
NOTE = {
    "note": TEXT, "number": TEXT, "about": TEXT, "figure": TEXT, "kind": TEXT, "text": TEXT, "place": TEXT,
    "place_name": TEXT, "role": TEXT, "shared": YES, "written_at": MOMENT,
}  # fmt: skip
SUBMISSION = {
    "submission": TEXT, "place": TEXT, "name": TEXT, "size": WHOLE, "way": TEXT, "sent_at": MOMENT, "status": TEXT,
    "under_way": YES, "period": TEXT, "window": TEXT, "made": TEXT,
}  # fmt: skip
FINDING = {
    "number": WHOLE, "rule": TEXT, "severity": TEXT, "file": TEXT, "row": WHOLE, "column": TEXT, "value": TEXT,
    "message": TEXT,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class WorkspaceTable:
    """Rows as the workspace shows them. A hidden value is null, and the column `hidden` says why.

    `table` is an Arrow table; its columns are those of the library's own results where it has them, `code` before them.
    `snapshot` is the state of the lake, None for what is of none (the register); `caption` the source and release rule.
    """

    table: pa.Table
    snapshot: int | None = None
    caption: str = ""
    about: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def to_pandas(self) -> pd.DataFrame:
        """The same as a data frame: whole numbers stay whole beside hidden ones. Raises MissingPart without pandas."""
        try:
            import pandas
        except ImportError as error:
            from joinedup.errors import MissingPart

            raise MissingPart("pandas is not installed.", remedy="Install it, or use `.table`.") from error
        return self.table.to_pandas(types_mapper={_arrow()[WHOLE]: pandas.Int64Dtype()}.get)


def table_of(
    parts: Iterable[Mapping[str, Any]], columns: Mapping[str, str], items: str = "items"
) -> WorkspaceTable:
    """The rows of every part of an answer, with these columns and no others."""
    import pyarrow as pa

    rows, state = [], dict[str, Any]()
    for part in parts:
        rows += part[items]
        state = part.get("state", {})
    types = _arrow()
    schema = pa.schema([(name, types[kind]) for name, kind in columns.items()])
    told = [{name: _value(row.get(name), kind) for name, kind in columns.items()} for row in rows]
    table = pa.Table.from_pylist(told, schema=schema)
    return WorkspaceTable(table, state.get("snapshot"), state.get("caption", ""), state)


def _arrow() -> dict[str, Any]:
    import pyarrow as pa

    plain = {TEXT: pa.string(), WHOLE: pa.int64(), NUMBER: pa.float64(), DAY: pa.date32(), YES: pa.bool_()}
    return {**plain, MOMENT: pa.timestamp("ms", tz="UTC")}


def _value(value: Any, kind: str) -> Any:
    if kind == DAY and isinstance(value, str):
        from datetime import date

        return date.fromisoformat(value)
    if kind == MOMENT and isinstance(value, str):
        from datetime import datetime

        return datetime.fromisoformat(value)
    return float(value) if kind == NUMBER and value is not None else value
