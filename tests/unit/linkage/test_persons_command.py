"""`joinedup persons` from indexes to a decision taken back, as a reviewer types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from joinedup.cli import run

HEAD = "local_id,nhs_number,first_name,surname,birth_date,postcode,gender,ethnic_group"
RV3 = "1,9434765919,Ada,Khan,1980-02-03,W1 1AA,2,A\n2,9434765870,Bo,Li,1970-05-06,HA1 1AA,1,B\n"
RKL = "7,4010232137,Ada,Khan,1980-02-03,W1 1AA,2,A\n8,9434765870,Bo,Li,1970-05-06,HA1 1AA,1,B\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, rows in (("RV3.csv", RV3), ("RKL.csv", RKL)):
        (tmp_path / name).write_text(f"{HEAD}\n{rows}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JOINEDUP_KEY_FILE", str(tmp_path / "key"))
    assert run(["keys", "make", "key", "--purpose", "demo"]) == 0
    assert (
        run(["persons", "link", "RV3.csv", "RKL.csv", "--out", "links", "--by", "ethnic_group", "--json"])
        == 0
    )
    return tmp_path


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> object:
    capsys.readouterr()
    assert run(["persons", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_from_indexes_to_a_decision_taken_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "links/people.csv").read_bytes()
    (waiting,) = asked(capsys, "review", "links")
    assert waiting["reason"] == "linked across two NHS numbers"
    assert run(["persons", "refuse", "links", waiting["item"], "--by", "J. Okafor"]) == 0
    assert (folder / "links/people.csv").read_bytes() != before
    assert asked(capsys, "review", "links") == []
    told = asked(capsys, "explain", "links", "RV3", "1")
    assert [(pair["other"], pair["state"]) for pair in told["pairs"]] == [(["RKL", "7"], "not linked")]
    assert run(["persons", "undo", "links", waiting["item"], "--by", "J. Okafor"]) == 0
    assert (folder / "links/people.csv").read_bytes() == before


def test_small_groups_are_hidden_in_what_is_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["persons", "link", "RV3.csv", "RKL.csv", "--out", "more", "--by", "ethnic_group"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("hidden") == 12  # four figures of two groups and of all: everyone is fewer than five


def test_plain_words_for_people(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["persons", "explain", "links", "RV3", "2"]) == 0
    assert "by NHS number" in capsys.readouterr().out
    assert run(["persons", "review", "links"]) == 0
    assert "nhs_number" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["explain", "links", "RV3", "99"], 2),
        (["accept", "links", "AAAAAAAAAA", "--by", "x"], 2),
        (["link", "RV3.csv", "RKL.csv", "--out", "links"], 2),
        (["link", "RV3.csv", "RKL.csv", "--out", "new", "--by", "shoe_size"], 2),
        (["link", "RV3.csv", "key", "--out", "new"], 1),
        (["link", "RV3.csv", "RKL.csv", "--out", "new", "--model", "RV3.csv"], 1),
        (["review", "."], 2),
    ],
)
def test_what_is_asked_wrongly(folder: Path, arguments: list[str], code: int) -> None:
    assert run(["persons", *arguments]) == code
