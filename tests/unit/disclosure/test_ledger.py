"""The ledger of releases: what left, cell by cell, once and for good."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime

import pytest

from joinedup.disclosure.ledger import append_release, load_releases
from joinedup.disclosure.publishing import publish
from joinedup.errors import LakeDamaged, YourCommand
from joinedup.lake.durable import sealed, unsealed
from tests.property.disclosure_pairs import ALL, BUT, GROUPS, cube

COUNTS = {ALL: 60, BUT: 57, GROUPS[0]: 3}


def made(counts=COUNTS, snapshot=1, profile="nhs-england"):
    return publish(cube(counts, counts, snapshot), profile)


def test_a_lake_without_releases_has_none(tmp_path):
    assert load_releases(tmp_path) == ()


def test_a_release_comes_back_as_it_left(tmp_path):
    assert append_release(tmp_path, made(), ()) == 1
    (entry,) = load_releases(tmp_path)
    assert entry.cells == {ALL: 60, BUT: None, GROUPS[0]: None}
    assert entry.further == {BUT}
    assert (entry.number, entry.profile, entry.base, entry.hide_below) == (1, "nhs-england", 5, 5)
    assert (entry.snapshot, entry.lattice, entry.lattice_version) == (1, "talking_therapies", 2)
    assert 0 <= (datetime.now(UTC) - entry.released_at).total_seconds() < 60
    assert stat.S_IMODE((tmp_path / "releases").stat().st_mode) == 0o700


def test_what_a_release_leaves_open(tmp_path):
    append_release(tmp_path, made({ALL: 60, BUT: 6, GROUPS[0]: 54}), ())
    (entry,) = load_releases(tmp_path)
    assert entry.could_be(ALL) == (58, 62)
    assert entry.could_be(BUT) == (5, 7)
    append_release(tmp_path, made(snapshot=2), (entry,))
    assert load_releases(tmp_path)[1].could_be(BUT) == (0, float("inf"))


def test_the_same_release_again_keeps_its_number(tmp_path):
    append_release(tmp_path, made(), ())
    earlier = load_releases(tmp_path)
    assert append_release(tmp_path, made(), earlier) == 1
    assert append_release(tmp_path, made(snapshot=2), earlier) == 2
    assert append_release(tmp_path, made({**COUNTS, ALL: 70}, snapshot=2), load_releases(tmp_path)) == 3
    assert [entry.number for entry in load_releases(tmp_path)] == [1, 2, 3]


def test_two_at_once_are_not_both_entered(tmp_path):
    append_release(tmp_path, made(), ())
    with pytest.raises(YourCommand, match="Another release left this lake first") as refusal:
        append_release(tmp_path, made(snapshot=2), ())
    assert "Repeat" in refusal.value.remedy
    assert len(load_releases(tmp_path)) == 1


def tampered(tmp_path, change):
    append_release(tmp_path, made(), ())
    file = tmp_path / "releases" / "00000001.json"
    raw = unsealed(file.read_bytes())
    file.write_bytes(sealed({name: value for name, value in (raw | change).items() if value is not ...}))


@pytest.mark.parametrize(
    "change",
    [{"cells": 3}, {"cells": ...}, {"cells": [["a"]]}, {"further": [9]}, {"released_at": "x"}, {"more": 1}],
)
def test_a_release_that_cannot_be_read_is_named(change, tmp_path):
    tampered(tmp_path, change)
    with pytest.raises(LakeDamaged, match="release 1 of the release ledger cannot be read"):
        load_releases(tmp_path)


def test_an_altered_release_is_noticed(tmp_path):
    append_release(tmp_path, made(), ())
    file = tmp_path / "releases" / "00000001.json"
    file.write_bytes(file.read_bytes().replace(b"NWL", b"NWX", 1))
    with pytest.raises(LakeDamaged, match="torn or altered"):
        load_releases(tmp_path)
    file.write_text(json.dumps({}))
    with pytest.raises(LakeDamaged, match="torn or altered"):
        load_releases(tmp_path)


def test_a_missing_release_is_noticed(tmp_path):
    append_release(tmp_path, made(), ())
    append_release(tmp_path, made(snapshot=2), load_releases(tmp_path))
    (tmp_path / "releases" / "00000001.json").unlink()
    with pytest.raises(LakeDamaged, match="release 1 is missing"):
        load_releases(tmp_path)
