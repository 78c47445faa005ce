"""Access: the text that mdb-export writes, absent programs, and files that are no database.

No free program writes Access files, so a real database is read only where JOINEDUP_ACCESS_FILE names one.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.errors import MissingPart, UnreadableFile
from joinedup.returns import access
from joinedup.returns.csv_tables import read_csv_table
from joinedup.returns.reading import read_submission

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


@needs_mdbtools
@pytest.mark.skipif("JOINEDUP_ACCESS_FILE" not in os.environ, reason="JOINEDUP_ACCESS_FILE names no database")
def test_a_real_database_is_read() -> None:
    found = read_submission(os.environ["JOINEDUP_ACCESS_FILE"])
    assert "IDS000" in found.files
