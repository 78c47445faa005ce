"""From one file to lake rows: what each worker process does. Nothing here writes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import pyarrow as pa

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.errors import UnreadableFile, YourData
from joinedup.intake.areas import AreaLookup
from joinedup.intake.discovering import Arrival
from joinedup.intake.normalising import PERSON, Normaliser
from joinedup.lake.encoding import Encoded, encode
from joinedup.lake.session import sql_session
from joinedup.linkage.arriving import compared, new_secret
from joinedup.linkage.keys import Key
from joinedup.returns.coded import with_codes
from joinedup.returns.csv_tables import STRUCTURE
from joinedup.returns.findings import Finding
from joinedup.returns.identifiers import coded_as_one, identifiers
from joinedup.returns.reading import read_submission
from joinedup.returns.report import ValidationReport
from joinedup.returns.submission import Submission
from joinedup.returns.validating import validate

RETURN = "talking_therapies"
PARTITIONS = ("provider", "period")


@dataclass(frozen=True)
class Setting:
    """What every file of one load has in common."""

    key: Key
    areas: pa.Table | None
    loaded: frozenset[str]
    secret: bytes = field(default_factory=new_secret, repr=False)


@dataclass(frozen=True)
class Prepared:
    """One file, ready: its tables as the lake will store them (none for a refused or an already loaded one), and what
    its people are compared by, under the secret of the load."""

    content_hash: str | None
    report: ValidationReport | None
    tables: Mapping[str, Encoded]
    rows_in: int
    rows_kept: int
    compared: pa.Table | None = None


class _OneSession:
    """Opening a session costs as much as reading a quarter of a file, so one serves them all; and reading the
    specification as much as half a file, so a process is given it."""

    def __init__(self, spec: ReturnSpec) -> None:
        self._spec = spec
        self._open = ExitStack()
        self._session = self._open.enter_context(sql_session())


class Preparer(_OneSession):
    """Reads, checks and normalises files one after another, keeping what they share: hashes and areas."""

    def __init__(self, spec: ReturnSpec, setting: Setting) -> None:
        super().__init__(spec)
        self._loaded = setting.loaded
        self._secret = setting.secret
        self._normalise = Normaliser(self._spec, setting.key, AreaLookup(setting.areas))

    def __call__(self, arrival: Arrival) -> Prepared:
        """The file that arrived. What is wrong with the data is in the report; only our faults are raised."""
        try:
            submission = read_submission(arrival.path, self._spec)
        except YourData as fault:
            return Prepared(None, unreadable(fault, arrival.path.name), {}, 0, 0)
        content_hash = submission.content_hash
        rows_in = sum(len(table.rows) for table in submission.files.values())
        if content_hash in self._loaded:
            return Prepared(content_hash, None, {}, rows_in, 0)
        report, accepted = validate(
            _encoded(submission, self._spec), self._spec, session=self._session, expected=arrival.announced
        )
        header = report.header
        if report.outcome == "refused" or header is None:
            return Prepared(content_hash, report, {}, rows_in, 0)
        tables = self._normalise(
            accepted,
            provider=header.provider,
            period=header.period,
            period_start=header.period_start,
            content_hash=content_hash,
        )
        kept = sum(len(rows) for rows in tables.values())
        people = compared(accepted[PERSON], tables[PERSON], self._secret)
        ready = {name: encode(rows, PARTITIONS) for name, rows in tables.items()}
        return Prepared(content_hash, report, ready, rows_in, kept, people)


def _encoded(submission: Submission, spec: ReturnSpec) -> Submission:
    """Texts as codes from here to the lake, so that each column is gone through once."""
    as_one = _as_one(submission, spec)
    files = {table: replace(file, rows=with_codes(file.rows)) for table, file in as_one.files.items()}
    return replace(as_one, files=files)


def _as_one(submission: Submission, spec: ReturnSpec) -> Submission:
    """The same with its identifiers coded over all tables, which is how rules find what belongs to what."""
    rows = coded_as_one({table: file.rows for table, file in submission.files.items()}, identifiers(spec))
    files = {table: replace(file, rows=rows[table]) for table, file in submission.files.items()}
    return replace(submission, files=files)


class Checker(_OneSession):
    """Checks one file after another; a file that cannot be read is a refused one."""

    def __call__(self, arrival: Arrival) -> ValidationReport:
        """The report on one file."""
        try:
            submission = read_submission(arrival.path, self._spec)
        except YourData as fault:
            return unreadable(fault, arrival.path.name)
        as_one = _as_one(submission, self._spec)
        return validate(as_one, self._spec, session=self._session, expected=arrival.announced)[0]


def unreadable(fault: YourData, name: str) -> ValidationReport:
    """The report on a file that could not be read: refused, under the national rule for structure."""
    words = f"{fault.message} {fault.remedy}".strip()
    finding = Finding(STRUCTURE, "REJECT_FILE", fault.file or name, fault.row, fault.column, None, words)
    return ValidationReport(
        name=name,
        outcome="refused",
        files=(),
        rows=0,
        header=None,
        findings=(finding,),
        counts={STRUCTURE: 1},
        not_run={},
        rules_version=ReturnSpec.load(RETURN).rules_version,
    )


def lost_report(arrival: Arrival) -> ValidationReport:
    """The report on a file whose reading ended the process that tried, twice."""
    words = "Reading it needs more memory than there is, or breaks the reader; the file is not taken."
    return unreadable(
        UnreadableFile(words, remedy="Check what was exported, and tell us."), arrival.path.name
    )


def lost(arrival: Arrival) -> Prepared:
    """The answer for such a file."""
    return Prepared(None, lost_report(arrival), {}, 0, 0)
