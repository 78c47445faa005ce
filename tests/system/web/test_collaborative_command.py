"""`joinedup collaborative` on a workspace that is served: text, JSON, refusals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.system.web.conftest import Served

PROGRAM = """
import sys
from joinedup.cli import commands, run
from joinedup_web.config.collaborative_commands import app
commands.from_elsewhere = lambda: [("collaborative", app)]  # also where this checkout is not what was installed
sys.exit(run(["collaborative", *sys.argv[1:]]))
"""
BY = ["--by", "administrator-cnwl@demo.invalid"]


def run(workspace: Served, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments, "--folder", str(workspace.folder)],
        capture_output=True, text=True, check=False, timeout=120, env={**os.environ, "DATABASE_URL": ""},
    )  # fmt: skip


@pytest.fixture
def tidy(django_here: object, workspace: Served) -> Iterator[None]:
    yield
    with psycopg.connect(workspace.owner) as connection:
        connection.execute("SELECT set_config('joinedup.places', 'RV3,NWL-PERI,NWL-MINE', true)")
        connection.execute("DELETE FROM organisations_roleheld WHERE place_id LIKE 'NWL-%I%'")
        connection.execute("DELETE FROM collaboratives_collaborativemember")
        connection.execute("DELETE FROM collaboratives_collaborative")


def test_made_listed_ended_and_taken_back(workspace: Served, tidy: None) -> None:
    made = run(workspace, "new", "perinatal", *BY, "--from", "2024-04-01", "--members", "CNWL,WLT", "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["code"] == "NWL-PERI"
    listed = json.loads(run(workspace, "list", *BY, "--json").stdout)
    assert [(one["code"], one["valid_from"], one["lead"]) for one in listed] == [
        ("NWL-PERI", "2024-04-01", "RV3")
    ]
    again = run(workspace, "new", "perinatal", *BY)
    assert again.returncode == 2 and "is taken" in again.stderr
    ended = run(workspace, "end", "NWL-PERI", *BY, "--on", "2026-01-31", "--reason", "joins the other")
    assert ended.returncode == 0 and "until 2026-01-31" in ended.stdout
    for words in ("goes on", "is taken back"):
        assert words in run(workspace, "undo", "NWL-PERI", *BY, "--reason", "a try").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["new", "perinatal", "--by", "nobody@demo.invalid"], "Nobody has an account"),
        (["new", "perinatal", "--by", "administrator@demo.invalid"], "administrator of the lead provider"),
        (["new", "perinatal", *BY, "--members", "CNWL,QRV"], "no trust 'QRV'"),
        (["new", "nothing", *BY], "no template 'nothing'"),
        (["new", "nothing.yaml", *BY], "cannot be read"),
        (["undo", "NWL-NONE", *BY, "--reason", "x"], "no collaborative NWL-NONE"),
    ],
)
def test_what_cannot_be_is_said_without_a_traceback(
    arguments: list[str], said: str, workspace: Served, tidy: None, tmp_path: Path
) -> None:
    done = run(workspace, *arguments)
    assert done.returncode in (1, 2) and said in done.stderr and "Traceback" not in done.stderr


def test_a_folder_that_is_no_workspace_is_said(tmp_path: Path, workspace: Served) -> None:
    other = Served("", "", tmp_path, "", "")
    done = run(other, "list", *BY)
    assert done.returncode == 2 and "no workspace" in done.stderr
