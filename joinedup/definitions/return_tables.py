"""The tables, columns and code lists of a return, as data."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

from pydantic import Field, model_validator

from joinedup.definitions.reading import Definition
from joinedup.errors import UnknownName

TableId = Annotated[str, Field(pattern=r"^IDS\d{3}$")]
ColumnReference = Annotated[str, Field(pattern=r"^(IDS\d{3}|Metadata)\.[A-Za-z][A-Za-z0-9]*$")]
Thing = TypeVar("Thing")


def find(name: str, known: Mapping[str, Thing], what: str) -> Thing:
    """The thing of that name. Raises UnknownName with the nearest names."""
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    remedy = f"nearest: {', '.join(near)}" if near else f"known: {', '.join(sorted(known))}"
    raise UnknownName(f"there is no {what} named {name}", remedy=remedy)


class Column(Definition):
    """One national column. `references` names the key it points at; `identifying` values are never shown."""

    name: str
    uid: str
    element: str
    type: Literal["string", "date", "datetime", "time", "integer"]
    format: str | None = None
    mandation: Literal["M", "R", "O", "P", "unknown"]
    mandation_from: str | None = None
    codes: str | None = None
    key: Literal["primary"] | None = None
    references: ColumnReference | None = None
    identifying: bool = False


class Table(Definition):
    """One national table: `id` as in IDS101, `name` as in IDS101Referral."""

    id: TableId
    name: str
    title: str
    occurrence: str
    source: str
    columns: tuple[Column, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Table:
        names = [column.name for column in self.columns]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"columns named twice: {', '.join(repeated)}")
        if not self.name.startswith(self.id):
            raise ValueError(f"the name {self.name} does not begin with the id {self.id}")
        return self

    def column(self, name: str) -> Column:
        """The column of that national name. Raises UnknownName with the nearest names."""
        return find(name, {column.name: column for column in self.columns}, f"column of {self.id}")

    @property
    def primary_key(self) -> str | None:
        """The name of the key column that other tables point at, if any does."""
        return next((column.name for column in self.columns if column.key == "primary"), None)

    @property
    def references(self) -> Mapping[str, str]:
        """Column name to the `IDS101.ServiceRequestId` it points at."""
        return {column.name: column.references for column in self.columns if column.references}


class CodeList(Definition):
    """A national list of codes and what they mean (`unknown` where no public source says)."""

    name: str
    title: str
    source: str
    confidence: Literal["high", "medium", "low"]
    note: str | None = None
    codes: Mapping[str, str] = Field(min_length=1)


class CodeLists(Definition):
    """A file of code lists that belong together."""

    lists: tuple[CodeList, ...] = Field(min_length=1)
