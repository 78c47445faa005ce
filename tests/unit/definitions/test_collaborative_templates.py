"""Templates of collaboratives: those that ship hold; a file of one's own is read, or refused by name of the field."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from joinedup.definitions.collaboratives import CollaborativeTemplate
from joinedup.definitions.datasets import Dataset, LawfulBases
from joinedup.errors import UnknownName, YourData

OWN = {
    "slug": "mine", "title": "A collaborative", "source": "s", "code": "NWL-MINE", "name": "Mine",
    "sector": "community", "starts_on": "2026-04-01", "lead": "RKL", "members": ["RKL", "RYX"],
}  # fmt: skip


def written(folder: Path, **more: Any) -> Path:
    file = folder / "mine.yaml"
    file.write_text(yaml.safe_dump({**OWN, **more}))
    return file


def test_perinatal_begins_on_1_april_2024() -> None:
    found = CollaborativeTemplate.load("perinatal")
    assert found.starts_on == date(2024, 4, 1) and found.lead == "RV3" and len(found.places) == 8
    assert {one.slug for one in CollaborativeTemplate.all()} == {"forensic", "perinatal"}
    with pytest.raises(UnknownName, match="perinatall"):
        CollaborativeTemplate.load("perinatall")


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    assert CollaborativeTemplate.read(written(tmp_path)).members == ("RKL", "RYX")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"lead": "RV3"}, "lead provider is one of the members"), ({"members": ["RKL", "QRV"]}, "not a trust"),
        ({"places": ["RKL"]}, "not a borough"), ({"code": "no"}, "capital letters"), ({"ends": 1}, "ends"),
        ({"starts_on": "soon"}, "starts_on"), ({"name": "x" * 201}, "200"), ({"name": " "}, "200"),
        ({"members": "RKL"}, "members"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(wrong: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(YourData, match=said):
        CollaborativeTemplate.read(written(tmp_path, **wrong))


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.mktemp("any") / "any.yaml"
    file.write_bytes(content)
    with pytest.raises(YourData):
        CollaborativeTemplate.read(file)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(YourData, match="cannot be read"):
        CollaborativeTemplate.read(tmp_path / "nothing.yaml")


def test_datasets_and_bases() -> None:
    assert Dataset.load("community_services").sector == "community"
    assert "direct_care" in LawfulBases.load().bases
    with pytest.raises(UnknownName, match="nothing"):
        Dataset.load("nothing")
