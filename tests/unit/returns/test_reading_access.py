"""Access: databases that we write ourselves (Jet 4, ACE 2007) and mdbtools reads, absent programs, and files that are
no database.

No free program writes Access files, so one that Access itself wrote is read only where JOINEDUP_ACCESS_FILE names it.
"""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.errors import MissingPart, UnreadableFile
from joinedup.lake import sql_session
from joinedup.returns import access
from joinedup.returns.csv_tables import read_csv_table
from joinedup.returns.reading import read_submission
from joinedup.returns.submission import Submission
from joinedup.returns.validating import validate
from joinedup.twin import write_twin
from tests.unit.returns.access_writer import FIRST_DAY, LONG, MOMENT, TEXT, days, write_access
from tests.unit.returns.minimal_return import EXPECTED, as_submission, minimal_rows

SPEC = ReturnSpec.load("talking_therapies")
# As `mdb-export -D %Y-%m-%d -T %Y-%m-%dT%H:%M:%S` writes a row: text in quotes, days as midnight.
EXPORTED = (
    "ServiceRequestId,CodedAssToolType,PersScore,AssToolCompDate,AssToolCompTime\n"
    '"R1","720433000","12","2024-04-10T00:00:00","1899-12-30T10:30:00"\n'
    '"R""2","720433000","7","2024-04-11",\n'
)


def test_exported_moments_become_national_days_and_times() -> None:
    table = SPEC.table("IDS606")
    found = access.in_national_form(
        read_csv_table(EXPORTED.encode(), table, "a.mdb/IDS606"), table
    ).table.rows
    assert found.column("AssToolCompDate").to_pylist() == ["2024-04-10", "2024-04-11"]
    assert found.column("AssToolCompTime").to_pylist() == ["10:30:00", None]
    assert found.column("ServiceRequestId").to_pylist() == ["R1", 'R"2']
    assert found.schema == read_csv_table(EXPORTED.encode(), table, "x").table.rows.schema


def test_a_moment_that_is_a_moment_stays_one() -> None:
    table = SPEC.table("IDS000")
    header = b"OrgIDProv,ReportingPeriodStartDate,DateTimeDatSetCreate\n"
    content = header + b"RV3,2024-04-01T00:00:00,2024-05-01T00:00:00\n"
    row = access.in_national_form(read_csv_table(content, table, "x"), table).table.rows.to_pylist()[0]
    assert (row["ReportingPeriodStartDate"], row["DateTimeDatSetCreate"]) == (
        "2024-04-01",
        "2024-05-01T00:00:00",
    )


@pytest.mark.parametrize("ending", ["mdb", "accdb"])
def test_without_mdbtools_the_remedy_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / f"a.{ending}").write_bytes(b"\x00\x01\x00\x00Standard Jet DB\x00")
    with pytest.raises(MissingPart) as caught:
        read_submission(tmp_path / f"a.{ending}")
    assert "mdbtools" in caught.value.remedy


needs_mdbtools = pytest.mark.skipif(shutil.which("mdb-tables") is None, reason="mdbtools is not installed")


@needs_mdbtools
@pytest.mark.parametrize(
    "content", [b"", b"not a database", b"\x00\x01\x00\x00Standard Jet DB\x00" + b"\x07" * 9000]
)
def test_what_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.mdb").write_bytes(content)
    with pytest.raises(UnreadableFile) as caught:
        read_submission(tmp_path / "a.mdb")
    assert caught.value.file == "a.mdb" and caught.value.remedy


def parsed(kind: str, text: str | None) -> Any:
    """A value of a return as Access keeps it; ValueError for one that it could keep as text only."""
    if text is None or kind == "string":
        return text
    if kind == "integer":
        return int(text)
    if kind == "time":
        moment = datetime.strptime(text, "%H:%M:%S")
        return days(datetime.combine(FIRST_DAY, moment.time()))
    return days(datetime.strptime(text, "%Y-%m-%d" if kind == "date" else "%Y-%m-%dT%H:%M:%S"))


def column_of(kind: str, texts: list[str | None]) -> tuple[int, list[Any]]:
    """The kind and values of an Access column: text where one value is no moment and no number."""
    try:
        values = [parsed(kind, text) for text in texts]
        if kind == "integer" and [str(one) for one in values if one is not None] != [
            one for one in texts if one
        ]:
            return TEXT, list(texts)
    except ValueError:
        return TEXT, list(texts)
    return {"string": TEXT, "integer": LONG}.get(kind, MOMENT), values


Tables = dict[str, tuple[list[tuple[str, int]], list[tuple[Any, ...]]]]


def as_tables(sent: Submission) -> Tables:
    """The tables of a return as Access would hold them, under the national names."""
    tables = {}
    for raw in sent.files.values():
        table = SPEC.table(raw.table)
        made = {one.name: column_of(one.type, raw.rows.column(one.name).to_pylist()) for one in table.columns}
        columns = [(name, kind) for name, (kind, _) in made.items()]
        tables[table.name] = columns, list(zip(*(values for _, values in made.values()), strict=True))
    return tables


def as_access(path: Path, sent: Submission) -> Path:
    """The same return as a database, with a table that is not the return's."""
    return write_access(path, {**as_tables(sent), "Our own notes": ([("Note", TEXT)], [("private",)])})


def test_what_is_written_has_moments_and_numbers_in_it(sent: Submission) -> None:
    """Else the tests below would show of text alone that it is read."""
    for one in (sent, as_submission(minimal_rows())):
        tables = as_tables(one)
        assert {kind for columns, _ in tables.values() for _, kind in columns} == {TEXT, LONG, MOMENT}
    assert len(sent.files["IDS201"].rows) > 300, "which no page of 4,096 bytes holds"


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Submission:
    """A return of the twin, with its dirt: hundreds of people, most tables over several pages."""
    folder = tmp_path_factory.mktemp("twin")
    write_twin(folder, scale=0.02, months=1, seed=11, ending="2024-05")
    return read_submission(max(folder.rglob("*.zip"), key=lambda one: one.stat().st_size))


@needs_mdbtools
@pytest.mark.parametrize("ending", ["mdb", "accdb"])
@pytest.mark.parametrize("whose", ["minimal", "twin"])
def test_a_database_says_what_the_csv_files_say(
    tmp_path: Path, sent: Submission, whose: str, ending: str
) -> None:
    """Given a return as a database, with days, times and numbers as such, then every value is that of the CSV."""
    wanted = sent if whose == "twin" else as_submission(minimal_rows())
    found = read_submission(as_access(tmp_path / f"a.{ending}", wanted))
    assert set(found.files) == set(wanted.files)
    for name, raw in wanted.files.items():
        assert found.files[name].rows.to_pylist() == raw.rows.to_pylist(), name
    assert [one.file for one in found.problems] == ["Our own notes"]


@needs_mdbtools
def test_a_database_is_checked_like_any_return(tmp_path: Path) -> None:
    found = read_submission(as_access(tmp_path / "a.accdb", as_submission(minimal_rows())))
    with sql_session() as session:
        report = validate(found, expected=EXPECTED, session=session)[0]
    assert report.outcome == "accepted" and report.rows == sum(map(len, minimal_rows().values()))


@needs_mdbtools
def test_a_database_without_a_table_of_the_return_is_refused(tmp_path: Path) -> None:
    path = write_access(tmp_path / "a.mdb", {"Addresses": ([("Name", TEXT)], [("nobody",)])})
    with pytest.raises(UnreadableFile) as caught:
        read_submission(path)
    assert "No table of" in caught.value.message and "national names" in caught.value.remedy


@needs_mdbtools
@pytest.mark.skipif("JOINEDUP_ACCESS_FILE" not in os.environ, reason="JOINEDUP_ACCESS_FILE names no database")
def test_a_real_database_is_read() -> None:
    found = read_submission(os.environ["JOINEDUP_ACCESS_FILE"])
    assert "IDS000" in found.files
