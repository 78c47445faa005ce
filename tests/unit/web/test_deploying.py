"""Service files hold together, and start what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[3] / "deploy"


def test_services_start_commands_that_there_are() -> None:
    from click.testing import CliRunner

    from joinedup.cli.commands import application

    for file in DEPLOY.glob("*.service"):
        command = re.search(r"^ExecStart=\S+/joinedup (.+)$", file.read_text(), re.M)
        assert command, file
        words = [word for word in command[1].split() if not word.startswith(("-", "/"))]
        told = CliRunner().invoke(application(), [*words, "--help"])
        assert told.exit_code == 0, told.output
        for option in re.findall(r"--[a-z]+", command[1]):
            assert option in told.output


def test_systemd_takes_them(tmp_path: Path) -> None:
    checker = shutil.which("systemd-analyze")
    if checker is None:
        pytest.skip("systemd-analyze is not installed: the service files were not verified")
    for file in DEPLOY.glob("joinedup*"):
        # The program it starts is elsewhere; everything else is as it is.
        (tmp_path / file.name).write_text(
            re.sub(r"^(ExecStart=)\S+", r"\1/bin/true", file.read_text(), flags=re.M)
        )
    done = subprocess.run(
        [checker, "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in (done.stdout + done.stderr).splitlines() if "joinedup" in line]
    assert not said
