"""Bodies that ship with joinedup: what the sources name is there, and bad ones are refused by name of the field."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from joinedup.definitions.bodies import KINDS, SECTORS, BodyDefined

ALL = {one.slug: one for one in BodyDefined.all()}


def test_what_the_sources_name_is_there_and_says_where_it_is_from() -> None:
    board, group = ALL["nwl-board"], ALL["nwl-odg"]
    assert not board.formal and not group.formal and group.reports_to == board.slug
    assert ALL["nwl-ceo"].rule.startswith("FREQ=MONTHLY;INTERVAL=3")
    assert ALL["nwl-icb-executive"].host == "QRV" and ALL["nwl-cag"].host == "QRV"
    councils = {seat.organisation for seat in ALL["nwl-jhosc"].seats}
    assert len(councils) == 8
    assert {one.kind for one in ALL.values()} == set(KINDS)
    assert sum(one.reports_to == group.slug for one in ALL.values()) == 6
    assert all(one.source and one.note and one.certainty == "assumed" for one in ALL.values())


def test_experts_by_experience_sit_on_board_group_and_every_workstream() -> None:
    for one in ALL.values():
        if one.kind in ("board", "delivery_group", "workstream"):
            assert "expert_by_experience" in {seat.sector for seat in one.seats}, one.slug
        assert {seat.sector for seat in one.seats} <= set(SECTORS)


def test_the_first_day_of_a_rule_is_one_of_its_days() -> None:
    pytest.importorskip("dateutil")
    from joinedup_web.governance.boards.cadence import next_days, words_of

    for one in ALL.values():
        if one.rule and one.starts_on:
            assert next_days(one.rule, one.starts_on, one.starts_on, 1) == [one.starts_on], one.slug
            assert ", on the " in words_of(one.rule)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"place": "NOWHERE"}, "not in the register"), ({"quorum": 99}, "quorum"), ({"kind": "club"}, "kind"),
        ({"starts_on": None}, "go together"), ({"terms": ""}, "terms"), ({"colour": "red"}, "colour"),
        ({"slug": "Not a slug"}, "slug"), ({"seats": [{"office": "x", "sector": "none"}]}, "sector"),
    ],
)  # fmt: skip
def test_a_body_that_does_not_hold_together_is_refused(wrong: dict[str, Any], words: str) -> None:
    plain = ALL["nwl-odg"].model_dump()
    with pytest.raises(ValidationError, match=words):
        BodyDefined.model_validate({**plain, **wrong})
