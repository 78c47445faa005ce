"""The command itself: help, exit codes, documentation."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from joinedup.cli.commands import application
from tests.system.conftest import joinedup

ROOT = Path(__file__).parents[2]


def commands(found: object, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], object]]:
    children = getattr(found, "commands", None)
    if children is None:
        return [(path, found)]
    return [leaf for name, child in children.items() for leaf in commands(child, (*path, name))]


@pytest.mark.parametrize("path", [" ".join(path) for path, _ in commands(application())])
def test_every_command_has_help_with_an_example_and_is_documented(path: str) -> None:
    answer = joinedup(*path.split(), "--help")
    assert answer.code == 0
    assert "Example: joinedup" in answer.out
    assert f"## joinedup {path}\n" in (ROOT / "docs/reference/command.md").read_text()


def test_nothing_that_makes_figures_lacks_json() -> None:
    without = [
        " ".join(path)
        for path, found in commands(application())
        if "as_json" not in {p.name for p in found.params}
    ]  # type: ignore[attr-defined]
    assert without == ["serve", "keys make", "places import-postcodes", "workspace prepare"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("returns", "check", "nowhere"), 1, "no such file"),
        (("measures", "show", "relable_recovery"), 2, "reliable_recovery"),
        (("nonsense",), 2, "No such command"),
        (("gap",), 2, "--lake"),
        (("report", "--out", "x.html"), 2, "--lake"),
    ],
)
def test_exit_codes_say_whose_fault_it_is(arguments: tuple[str, ...], code: int, words: str) -> None:
    answer = joinedup(*arguments)
    assert answer.code == code
    assert words.lower() in answer.err.lower()
    assert "Traceback" not in answer.err


def test_reference_pages_are_generated_from_the_definitions() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "docs/generate.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
