"""What `joinedup demo` may write over."""

from __future__ import annotations

from pathlib import Path

import pytest

from joinedup.errors import YourCommand
from joinedup.reports import demo


def test_a_workspace_that_is_being_made_ready_is_left_alone(tmp_path: Path) -> None:
    database = tmp_path / "workspace" / "database"
    database.mkdir(parents=True)
    demo._clear(tmp_path)
    assert database.is_dir()
    assert (tmp_path / demo.MARK).is_file()


def test_beside_a_workspace_nothing_else_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "workspace").mkdir()
    (tmp_path / "lake").mkdir()
    with pytest.raises(YourCommand, match="not a demo"):
        demo._clear(tmp_path)
    assert (tmp_path / "lake").is_dir()
