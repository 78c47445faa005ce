"""The pathway: its stages in order, as SQL and as words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from joinedup.definitions.pathway import Pathway
from joinedup.definitions.reading import build
from joinedup.errors import DefinitionBroken, UnknownName
from joinedup.journeys.tables import JOURNEYS
from joinedup.lake import sql_session

BAD = sorted((Path(__file__).parents[2] / "fixtures/bad_definitions").glob("pathway_*.yaml"))
DAY = date(2025, 1, 1)
STEPS = {
    "ReferralRequestReceivedDate": DAY,
    "TherapySession_FirstDate": DAY,
    "TherapySession_SecondDate": DAY,
    "CompletedTreatment_Flag": True,
    "NotCaseness_Flag": False,
    "Paired_Flag": True,
    "ReliableImprovement_Flag": True,
    "Recovery_Flag": True,
}


def furthest(rows: list[dict[str, object]]) -> list[str | None]:
    pathway = Pathway.load("talking_therapies")
    with sql_session() as session:
        session.register("j", pa.Table.from_pylist(rows, schema=JOURNEYS))
        found: list[str | None] = session.fetch(f"SELECT {pathway.furthest_stage_sql('j.')} AS s FROM j")[
            "s"
        ].to_pylist()
        return found


def test_the_stages_stand_in_their_order_and_one_is_scope() -> None:
    pathway = Pathway.load("talking_therapies")
    assert pathway.stage_names == (
        "referred", "accessed", "second_treatment", "finished", "in_scope", "paired", "reliably_improved", "recovered",
    )  # fmt: skip
    assert [stage.name for stage in pathway.stages if stage.kind == "scope"] == ["in_scope"]
    assert all(stage.left and stage.open and stage.passing for stage in pathway.stages)
    assert {stage.date for stage in pathway.stages} <= set(JOURNEYS.names)


def test_each_step_taken_away_leaves_the_journey_one_stage_short() -> None:
    names = Pathway.load("talking_therapies").stage_names
    rows: list[dict[str, object]] = [
        {column: value for column, value in STEPS.items() if column != missing} for missing in STEPS
    ]
    rows[4] = {**STEPS, "NotCaseness_Flag": True}
    assert furthest([*rows, dict(STEPS)]) == [None, *names[:-1], names[-1]]


def test_missing_scores_do_not_put_a_person_out_of_scope() -> None:
    assert furthest([{**STEPS, "NotCaseness_Flag": None, "Paired_Flag": None}]) == ["in_scope"]


def test_a_stage_reached_holds_every_stage_before_it() -> None:
    pathway = Pathway.load("talking_therapies")
    assert pathway.reached_sql("accessed").count("IS NULL") == 2
    with pytest.raises(UnknownName, match="second_treatment"):
        pathway.stage("third_treatment")


def test_end_codes_say_how_far_a_person_came() -> None:
    groups = Pathway.load("talking_therapies").end_code_groups
    assert groups["50"] == "referred_not_seen"
    assert groups["14"] == "seen_not_taken_on"
    assert groups["46"] == "seen_and_taken_on"
    assert len(groups) == 14


def test_follow_up_is_longer_while_many_are_open() -> None:
    follow_up = Pathway.load("talking_therapies").follow_up
    assert [follow_up.months_for(share) for share in (0.0, 0.05, 0.051, 1.0)] == [12, 12, 18, 18]


def test_a_pathway_that_is_not_there_is_named() -> None:
    assert [pathway.id for pathway in Pathway.all()] == ["talking_therapies"]
    with pytest.raises(UnknownName, match="talking_therapies"):
        Pathway.load("walking_therapies")


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_pathway_is_refused_and_named(path: Path) -> None:
    assert len(BAD) >= 7
    with pytest.raises(DefinitionBroken, match=path.name):
        build(Pathway, yaml.load(path.read_text(), Loader=yaml.CSafeLoader), where=path.name)
