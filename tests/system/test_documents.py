"""What the documents show works: commands of the README and tutorials, and their Python."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.eighths import an_eighth, in_turn
from tests.system.conftest import Demo, joinedup

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "docs/tutorials/analyst.md", "docs/tutorials/data-manager.md"]
WITH_PYTHON = PAGES[:2]


def commands(page: str) -> list[str]:
    blocks = re.findall(r"```\n(.*?)```", (ROOT / page).read_text(), re.S)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line.removeprefix(".venv/bin/") for line in lines if re.match(r"(\.venv/bin/)?joinedup ", line)]


ALONE = ("joinedup release ", "joinedup attack ")
"""Commands of which one needs what the other made."""


def runs(command: str, demo: Demo) -> None:
    parts = [part.replace("demo/", f"{demo.folder}/") for part in shlex.split(command)[1:]]
    answer = joinedup(*parts)
    assert answer.code == 0, answer.err
    assert answer.out.strip()


@pytest.mark.parametrize(
    "command",
    an_eighth(
        sorted({c for page in PAGES for c in commands(page) if "FILE" not in c and not c.startswith(ALONE)})
    ),
)
def test_commands_of_the_documents_run(command: str, demo: Demo) -> None:
    runs(command, demo)


@in_turn
def test_a_release_of_the_demo_withstands_the_attack(demo: Demo) -> None:
    """The two commands of the README, in their order: nothing is recovered, nothing narrowed."""
    found = [command for command in commands("README.md") if command.startswith(ALONE)]
    assert [command.split()[1] for command in found] == ["release", "attack"]
    for command in found:
        runs(command, demo)


@pytest.mark.parametrize("page", WITH_PYTHON)
def test_python_of_the_documents_runs(page: str, demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), re.S)
    assert blocks
    for block in blocks:
        code = block.replace('"demo/', f'"{demo.folder}/').replace(".to_pandas()", ".to_pylist()")
        exec(compile(code, page, "exec"), {})
    assert "Of every 100 referred" in capsys.readouterr().out
