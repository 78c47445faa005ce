"""`joinedup accounts` on a real workspace, as whoever runs the server types it."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import pytest

from joinedup.cli import commands, run
from tests.system.web.conftest import Served
from tests.system.web.test_access_matrix import client

ROOT = Path(__file__).parents[3]
SAM = "sam@accounts.invalid"


@pytest.fixture(autouse=True)
def found(django_here: Any, workspace: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's own entry points, on the database of the tests."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"][
        "joinedup.commands"
    ]
    points = EntryPoints(EntryPoint(name, value, "joinedup.commands") for name, value in told.items())
    monkeypatch.setattr(commands, "entry_points", lambda group: points)
    monkeypatch.setenv("DATABASE_URL", workspace.app)


@pytest.fixture
def sam() -> Iterator[str]:
    assert run(["accounts", "add", SAM, "--name", "Sam", "--why", "a test"]) == 0
    yield SAM
    run(["accounts", "end", SAM, "--why", "the test is over"])


def listed(capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    capsys.readouterr()
    assert run(["accounts", "list", "--json", *more]) == 0
    return {one["email"]: one for one in json.loads(capsys.readouterr().out)}


def test_an_account_is_made_given_a_role_and_ended(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["accounts", "add", SAM.upper(), "--name", "Sam", "--why", "new analyst"]) == 0
    assert (
        run(["accounts", "give", SAM, "analyst", "RKL", "--why", "new analyst", "--until", "2099-03-31"]) == 0
    )
    one = listed(capsys, "--place", "RKL")[SAM]
    assert one["active"] and one["signs_in_with"] == [] and one["roles"][0]["until"] == "2099-03-31"
    assert SAM not in listed(capsys, "--place", "RV3")
    assert run(["accounts", "end", SAM, "--why", "left"]) == 0
    assert "with 1 roles" in capsys.readouterr().out
    one = listed(capsys)[SAM]
    assert not one["active"] and one["roles"] == []
    page = client("administrator").get("/changes/").content.decode()
    assert "new analyst" in page and "left" in page


def test_an_ended_account_opens_again_without_its_roles(sam: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(["accounts", "give", sam, "analyst", "RKL", "--why", "x"])
    run(["accounts", "end", sam, "--why", "x"])
    assert run(["accounts", "add", sam, "--why", "back"]) == 0
    one = listed(capsys)[sam]
    assert one["active"] and one["roles"] == []


def test_a_role_is_taken(sam: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(["accounts", "give", sam, "board_member", "RV3", "--why", "x", "--from", "2025-01-01"])
    assert run(["accounts", "take", sam, "board_member", "RV3", "--why", "resigned", "--json"]) == 0
    assert listed(capsys)[sam]["roles"] == []


def test_a_second_factor_is_reset_and_an_identity_unlinked(
    sam: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from allauth.socialaccount.models import SocialAccount

    from joinedup_web.organisations.models import Person

    person = Person.objects.get(email=sam)
    TOTP.activate(person, generate_totp_secret())
    SocialAccount.objects.create(user=person, provider="care", uid="https://id.example sam", extra_data={})
    assert listed(capsys)[sam]["signs_in_with"] == ["totp", "care"]
    assert run(["accounts", "reset-second-factor", sam, "--why", "phone lost"]) == 0
    assert run(["accounts", "unlink", sam, "care", "--why", "new card"]) == 0
    assert listed(capsys)[sam]["signs_in_with"] == []


def test_a_first_password_comes_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "password").write_text("a long enough phrase\n")
    told = ["accounts", "add", SAM, "--why", "x", "--password-file", str(tmp_path / "password")]
    assert run(told) == 0
    assert listed(capsys)[SAM]["signs_in_with"] == ["password"]
    assert run(["accounts", "end", SAM, "--why", "x"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["give", "nobody@x.invalid", "analyst", "RKL", "--why", "x"], "Nobody has an account"),
        (["give", "board@demo.invalid", "emperor", "RKL", "--why", "x"], "no role called"),
        (["give", "board@demo.invalid", "public", "RKL", "--why", "x"], "no role called"),
        (["give", "board@demo.invalid", "analyst", "NOWHERE", "--why", "x"], "no place with code"),
        (["give", "board@demo.invalid", "analyst", "RKL", "--why", " "], "reason is missing"),
        (
            ["give", "board@demo.invalid", "analyst", "RKL", "--why", "x", "--until", "2020-01-01"],
            "end before",
        ),
        (["take", "board@demo.invalid", "analyst", "RKL", "--why", "x"], "does not hold"),
        (["end", "board@demo.invalid", "--why", ""], "reason is missing"),
        (["add", "board@demo.invalid", "--why", "x"], "already"),
        (["add", "not an address", "--why", "x"], "valid email"),
        (["add", "weak@x.invalid", "--why", "x", "--password-file", "/dev/null"], "is empty"),
        (["add", "weak@x.invalid", "--why", "x", "--password-file", "/nowhere"], "No such file"),
        (["unlink", "board@demo.invalid", "care", "--why", "x"], "not linked"),
    ],
)
def test_what_does_not_fit_is_said_with_a_remedy(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["accounts", *arguments])
    errors = capsys.readouterr().err
    assert (code, said in errors, "What to do" in errors) == (2, True, True)


def test_where_there_is_no_workspace_it_says_so(tmp_path: Path) -> None:
    words = "from joinedup_web.config.accounts_command import workspace; from pathlib import Path\n"
    words += f"with workspace(Path({str(tmp_path)!r})): pass"
    done = subprocess.run(
        [sys.executable, "-c", words],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert "There is no workspace in" in done.stderr and "--folder" in done.stderr


def test_it_finds_the_database_that_runs(workspace: Served) -> None:
    words = (
        "from joinedup_web.config.accounts_command import workspace; from pathlib import Path\n"
        f"with workspace(Path({str(workspace.folder)!r})):\n"
        "    from joinedup_web.organisations.accounts import accounts\n"
        "    print(len(accounts()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", words],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert int(done.stdout) >= 12, done.stderr
