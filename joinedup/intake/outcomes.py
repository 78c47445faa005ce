"""What became of each file: the report of a load, for a person at a screen and for a program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.returns.report import ValidationReport

Outcome = Literal["loaded", "already loaded", "older than what is held", "refused"]


@dataclass(frozen=True)
class FileOutcome:
    """One file. `rejected` counts rows left out, by national rule; `message` is one sentence."""

    name: str
    outcome: Outcome
    message: str
    provider: str | None
    period: str | None
    received: datetime
    rows_in: int
    rows_kept: int
    rejected: Mapping[str, int]
    report: ValidationReport | None
    content_hash: str | None = None


@dataclass(frozen=True)
class LoadReport:
    """Every file in the order it was taken, the snapshots made (their numbers), and the seconds it took."""

    files: tuple[FileOutcome, ...]
    snapshots: tuple[int, ...]
    seconds: float

    @property
    def outcomes(self) -> Mapping[str, int]:
        """How many files had each outcome."""
        return dict(Counter(file.outcome for file in self.files))

    @property
    def rows(self) -> Mapping[str, int]:
        """Rows read from, and kept of, the files that were loaded."""
        loaded = [file for file in self.files if file.outcome == "loaded"]
        return {"in": sum(f.rows_in for f in loaded), "kept": sum(f.rows_kept for f in loaded)}

    def to_json(self) -> dict[str, Any]:
        """Plain values; findings only by number, since `returns check` prints them."""
        return {
            "files": [_plain(file) for file in self.files],
            "outcomes": dict(self.outcomes),
            "rows": dict(self.rows),
            "snapshots": list(self.snapshots),
            "seconds": round(self.seconds, 1),
        }


def _plain(file: FileOutcome) -> dict[str, Any]:
    return {
        "file": file.name,
        "outcome": file.outcome,
        "message": file.message,
        "provider": file.provider,
        "period": file.period,
        "received": file.received.isoformat(),
        "rows_in": file.rows_in,
        "rows_kept": file.rows_kept,
        "rejected": dict(file.rejected),
    }


def rejected_by_rule(report: ValidationReport | None, spec: ReturnSpec) -> Mapping[str, int]:
    """Rows left out, by the national rule that says so; a row that breaks two rules is counted under both."""
    severities = {rule.id: rule.severity for rule in spec.rules}
    counts = report.counts if report else {}
    return {rule: n for rule, n in counts.items() if severities.get(rule, "").startswith("REJECT_")}


def sentence(outcome: Outcome, report: ValidationReport | None, rows_in: int, rows_kept: int) -> str:
    """What happened, in one sentence; for a refused file the first reason."""
    if outcome == "loaded":
        left_out = rows_in - rows_kept
        return f"{rows_kept:,} rows are in the lake" + (f"; {left_out:,} were left out." if left_out else ".")
    if outcome == "already loaded":
        return "The same content is in the lake already; nothing was changed."
    if outcome == "older than what is held":
        return "The lake holds a later submission of this month; nothing was changed."
    reasons = [f.message for f in report.findings if f.severity == "REJECT_FILE"] if report else []
    more = f" (and {len(reasons) - 1:,} more reasons)" if len(reasons) > 1 else ""
    return (reasons[0] if reasons else "The header does not say whose return it is, and for when.") + more
