"""What pages of the desk stand on: the door for programs, limits while a file comes, jobs that are done twice."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import pytest

from joinedup.errors import SubmissionRefused, UnreadableFile, YourCommand
from tests.system.web.conftest import Served
from tests.system.web.desk_returns import whole
from tests.system.web.test_access_matrix import client


def person(name: str) -> Any:
    from joinedup_web.organisations.models import Person

    return Person.objects.get(email=f"{name}@demo.invalid")


def rows(name: str, place: str = "RKL") -> list[Any]:
    from joinedup_web.organisations.row_security import opened
    from joinedup_web.returns.models import Submission

    with opened("a test", [place]):
        return list(Submission.objects.filter(name=name))


def staged(workspace: Served) -> list[Path]:
    folder = workspace.folder / "staging"
    return sorted(folder.rglob("*")) if folder.is_dir() else []


def test_a_program_sends_in_the_name_of_a_person_and_a_real_worker_checks(
    django_here: Any, workspace: Served, tmp_path: Path
) -> None:
    from joinedup_web.returns.receiving import receive

    content = whole(tmp_path / "program.zip").read_bytes()
    made = receive(io.BytesIO(content), "program.zip", person("analyst"))
    again = receive(io.BytesIO(content), "program.zip", person("analyst"))
    assert made.pk == again.pk and (made.way, made.place_id, made.state) == ("api", "RKL", "waiting")
    end = time.monotonic() + 180
    while (found := rows("program.zip")[0]).state in ("waiting", "checking"):
        assert time.monotonic() < end
        time.sleep(0.3)
    assert (found.state, found.outcome, found.period, found.kind) == (
        "ready",
        "accepted",
        "2026-03",
        "primary",
    )


@pytest.mark.parametrize(
    ("name", "content", "who", "error"),
    [
        ("x.zip", b"", "analyst", UnreadableFile), ("x.exe", b"MZ", "analyst", UnreadableFile),
        ("x.zip", None, "analyst", SubmissionRefused), ("x.zip", b"PK", "clinician", YourCommand),
        ("x.zip", b"PK", "manager", YourCommand),
    ],
)  # fmt: skip
def test_a_program_is_refused_like_a_person(
    name: str,
    content: bytes | None,
    who: str,
    error: type[Exception],
    django_here: Any,
    workspace: Served,
    tmp_path: Path,
) -> None:
    from joinedup_web.returns.receiving import receive

    before = staged(workspace)
    stream = io.BytesIO(content if content is not None else whole(tmp_path / "x.zip", "RV3").read_bytes())
    with pytest.raises(error):
        receive(stream, name, person(who))
    assert staged(workspace) == before and rows(name) == []


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.zip", "a\x00b.zip", "=cmd|x.zip", "ü" * 200 + ".zip", "9434765919.zip", ".zip"]
)
def test_file_names_are_made_plain(name: str, django_here: Any, workspace: Served) -> None:
    before = staged(workspace)
    upload = io.BytesIO(b"not a zip at all")
    upload.name = name
    answer = client("analyst").post("/returns/send/", {"place": "RKL", "files": upload})
    page = answer.content.decode()
    assert answer.status_code == 422 and "There is a problem" in page
    assert "9434765919" not in page and "/etc/" not in page and staged(workspace) == before


def test_too_large_is_a_form_error_and_leaves_nothing(
    django_here: Any, workspace: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("joinedup_web.returns.staging.MAX_BYTES_IN", 1000)
    before = staged(workspace)
    upload = io.BytesIO(b"PK\x03\x04" + b"0" * 5000)
    upload.name = "large.zip"
    answer = client("analyst").post("/returns/send/", {"place": "RKL", "files": upload})
    assert answer.status_code == 422 and "larger than" in answer.content.decode()
    assert staged(workspace) == before


def test_nobody_else_can_leave_a_file_anywhere(django_here: Any, workspace: Served) -> None:
    before = staged(workspace)
    for role, address in (
        ("clinician", "/returns/send/"),
        ("analyst", "/people/give/"),
        ("public", "/returns/send/"),
    ):
        upload = io.BytesIO(b"PK\x03\x04" + b"0" * 5000)
        upload.name = "a.zip"
        assert client(role).post(address, {"files": upload}).status_code in (302, 403)
    assert staged(workspace) == before


def test_a_job_done_twice_is_done_once(django_here: Any, workspace: Served, tmp_path: Path) -> None:
    from joinedup_web.organisations.row_security import opened
    from joinedup_web.returns import working
    from joinedup_web.returns.models import Finding

    (found,) = rows("program.zip")
    working.check(str(found.pk), "RKL")
    working.load_one(str(found.pk), "RKL")
    working.withdraw_one(str(found.pk), "RKL")
    assert rows("program.zip")[0].state == "ready"
    with opened("a test", ["RKL"]):
        numbers = list(Finding.objects.filter(submission=found).values_list("number", flat=True))
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_a_fault_is_told_without_a_value(django_here: Any, tmp_path: Path) -> None:
    from joinedup.errors import OurFault
    from joinedup_web.returns import working

    (found,) = rows("program.zip")
    with pytest.raises(OurFault) as told, working.failing_plainly(found):
        raise ValueError("9434765919 is no date")
    assert (
        "9434765919" not in str(told.value)
        and told.value.__cause__ is None
        and "ValueError" in str(told.value)
    )
    assert rows("program.zip")[0].state == "failed"


def test_downloads_hold_no_formula(django_here: Any) -> None:
    from joinedup_web.returns.downloads import as_csv, safe
    from joinedup_web.returns.models import Finding

    one = Finding(
        rule="=1+1", severity="WARNING", file="@file", row=3, column="-x", value="+44", message="\tall"
    )
    line = list(as_csv([one]))[1]
    assert line == "'=1+1,\"Taken, with a warning\",'@file,3,'-x,'+44,'\tall\r\n"
    assert safe("plain") == "plain"
