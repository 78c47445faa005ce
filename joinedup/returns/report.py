"""What came of checking one return: the outcome, the header, and every finding."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from joinedup.returns.findings import Finding

Outcome = Literal["accepted", "accepted_with_rejects", "refused"]


@dataclass(frozen=True)
class Header:
    """Whose return it is, for which month (`period`, as 2024-04), and when the file was made."""

    provider: str
    submitter: str
    period_start: date
    period_end: date
    period: str
    created: datetime
    version: str

    def as_dict(self) -> dict[str, str]:
        """The header as plain text, days and times in ISO form."""
        return {name: str(value) for name, value in vars(self).items()} | {
            "created": self.created.isoformat()
        }


@dataclass(frozen=True)
class FileChecked:
    """One file of the return: rows sent, and rows that may go on."""

    file: str
    table: str
    rows: int
    accepted: int


@dataclass(frozen=True)
class ValidationReport:
    """The answer to one return.

    `findings` holds at most 1,000 of each rule, the first in order of rows; `counts` holds how many there
    are.
    `not_run` names each rule that was not applied to this return, with the reason.
    """

    name: str
    outcome: Outcome
    files: tuple[FileChecked, ...]
    rows: int
    header: Header | None
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    not_run: Mapping[str, str]
    rules_version: str

    @property
    def refused(self) -> bool:
        """Whether nothing of the return may be taken."""
        return self.outcome == "refused"

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values: the promised keys first, then what else there is to know."""
        return {
            "outcome": self.outcome,
            "files": [vars(file) for file in self.files],
            "rows": self.rows,
            "findings": [finding.as_dict() for finding in self.findings],
            "name": self.name,
            "header": self.header.as_dict() if self.header else None,
            "counts": dict(self.counts),
            "rules_version": self.rules_version,
            "not_run": dict(self.not_run),
        }

    def to_json(self) -> str:
        """The report as JSON, indented."""
        return json.dumps(self.as_dict(), indent=2, ensure_ascii=False)
