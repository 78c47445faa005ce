"""Layouts of packs: those that ship, and a trust's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from joinedup.definitions.pack_layouts import PackLayout
from joinedup.definitions.reading import list_files, read_yaml
from joinedup.errors import UnknownName, YourData
from joinedup.reports.packs.making import KINDS


def test_the_five_packs_are_there_and_every_kind_of_section_is_drawn() -> None:
    names = [Path(file).stem for file in list_files("packs")]
    assert names == ["board", "ceo", "members", "scrutiny", "workstream"]
    used = {section.kind for name in names for section in PackLayout.load(name).sections}
    assert used == set(KINDS)
    assert [name for name in names if PackLayout.load(name).public] == ["members", "scrutiny"]


def test_an_unknown_pack_names_those_there_are() -> None:
    with pytest.raises(UnknownName, match="no pack") as told:
        PackLayout.load("boards")
    assert "board, ceo" in told.value.remedy


def test_a_layout_of_ones_own_is_read(tmp_path: Path) -> None:
    told = {**read_yaml("packs/board.yaml"), "slug": "ours", "title": "Ours"}
    file = tmp_path / "ours.yaml"
    file.write_text(yaml.safe_dump(told))
    assert PackLayout.read(file).title == "Ours"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"colour": "red"}, "colour"),
        ({"measures": ["M9999"]}, "M9999"),
        ({"measures": ["M195"]}, "not among the measures"),
        ({"sections": [{"kind": "gap", "heading": "x"}]}, "by which breakdowns"),
        ({"sections": [{"kind": "pie", "heading": "x"}]}, "kind"),
        ({"plain": {"M195": "{secret}"}}, "is all there is|are all there is"),
        ({"plain": {"M195": "{people.__class__.__mro__[9]}"}}, "are all there is"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(yaml.safe_dump({**read_yaml("packs/board.yaml"), **change}, default_flow_style=False))
    with pytest.raises(YourData, match=said) as told:
        PackLayout.read(file)
    assert told.value.file == "ours.yaml"


@given(st.binary(max_size=200))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.mktemp("layout") / "x.yaml"
    file.write_bytes(content)
    with pytest.raises(YourData):
        PackLayout.read(file)


def test_a_pack_about_one_measure() -> None:
    made = PackLayout.load("board").of_measure("reliable_recovery")
    assert made.measures == ("M195",) and all(not section.measures for section in made.sections)
