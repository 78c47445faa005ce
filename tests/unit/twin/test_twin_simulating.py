from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.errors import UnknownName
from joinedup.twin import simulate_tables
from joinedup.twin.planted import GROUPS
from joinedup.twin.simulating import STAGES, published_rates

OTHER = "Other Ethnic Groups"


def passed_by_reading(tables):
    """Stages passed per group, worked out from the rows alone in plain Python."""
    group = {
        row["LocalPatientId"]: GROUPS[row["EthnicCategory"]]
        for row in tables["returns/IDS001"].select(["LocalPatientId", "EthnicCategory"]).to_pylist()
    }
    sessions, day_of, act_of, scores = defaultdict(list), {}, {}, defaultdict(list)
    for row in tables["returns/IDS201"].to_pylist():
        sessions[row["ServiceRequestId"]].append(row["CareContDate"])
        day_of[row["CareContactId"]] = row["CareContDate"], row["ServiceRequestId"]
    for row in tables["returns/IDS202"].to_pylist():
        act_of[row["CareActId"]] = day_of[row["CareContactId"]]
    for row in tables["returns/IDS607"].to_pylist():
        day, request = act_of[row["CareActId"]]
        scores[request, row["CodedAssToolType"]].append((day, int(row["PersScore"])))
    result = defaultdict(lambda: dict.fromkeys(STAGES, 0))
    for row in tables["returns/IDS101"].to_pylist():
        request, counts = row["ServiceRequestId"], result[group[row["LocalPatientId"]]]
        phq, gad = (sorted(scores[request, code]) for code in ("720433000", "445455005"))
        steps = [len(sessions[request]) >= 1, len(sessions[request]) >= 2, row["ServDischDate"] is not None]
        if all(steps):
            steps.append(phq[0][1] >= 10 or gad[0][1] >= 8)
            steps.append(len(phq) > 1 and len(gad) > 1)
        if len(steps) == 5 and all(steps):
            (a, b), (c, d) = (phq[0][1], phq[-1][1]), (gad[0][1], gad[-1][1])
            steps.append((a - b >= 6 or c - d >= 4) and not (b - a >= 6 or d - c >= 4))
            steps.append(b < 10 and d < 8)
        for stage, step in zip(STAGES, steps, strict=False):
            if not step:
                break
            counts[stage] += 1
    return result


@pytest.mark.parametrize("seed", [0, 1])
def test_the_rows_realise_the_stages_that_were_drawn(seed):
    tables = simulate_tables(3000, seed=seed, leak=("reliably_improved", OTHER, 12))
    assert passed_by_reading(tables) == tables.truth["passed"]


def test_pass_rates_are_those_of_the_truth():
    tables = simulate_tables(200_000, {"White": 0.5, OTHER: 0.5}, seed=3, leak=("recovered", OTHER, 12))
    for name, rates in tables.truth["probability"].items():
        before = tables.truth["referrals"][name]
        for stage in STAGES:
            now = tables.truth["passed"][name][stage]
            error = np.sqrt(rates[stage] * (1 - rates[stage]) / before)
            assert abs(now / before - rates[stage]) < 4.5 * error + 1e-9
            before = now


def test_a_leak_lowers_one_rate_of_one_group_by_its_points():
    truth = simulate_tables(1000, leak=("second_treatment", OTHER, 12)).truth
    for name in ("White", OTHER):
        for stage in STAGES:
            hit = (name, stage) == (OTHER, "second_treatment")
            difference = truth["background"][name][stage] - truth["probability"][name][stage]
            assert np.isclose(difference, 0.12 if hit else 0.0)


def test_background_gaps_are_the_published_ones_or_none():
    truth = simulate_tables(500, background_gaps=False).truth
    assert truth["probability"]["White"] == truth["probability"][OTHER]
    white, other = published_rates("White"), published_rates(OTHER)
    assert other["recovered"] < white["recovered"] - 0.05
    assert other["second_treatment"] < white["second_treatment"] - 0.03


def test_tables_have_the_columns_of_the_return_and_groups_their_sizes():
    tables = simulate_tables(800, {"White": 3, "Mixed": 1}, seed=4)
    spec = ReturnSpec.load("talking_therapies")
    assert list(tables) == [f"returns/{table.id}" for table in spec.tables]
    for table in spec.tables:
        names = {column.name for column in table.columns} - {"NHSNumber", "PersonBirthDate", "Postcode"}
        assert names | {"provider", "period", "submission", "_row"} <= set(
            tables[f"returns/{table.id}"].column_names
        )
    assert tables.truth["referrals"] == {"White": 600, "Mixed": 200}


def test_the_same_seed_gives_the_same_rows():
    one, two, three = (simulate_tables(500, seed=seed) for seed in (1, 1, 2))
    assert all(one[name].equals(two[name]) for name in one)
    assert not one["returns/IDS101"].equals(three["returns/IDS101"])


def test_a_stage_that_does_not_exist_is_refused():
    with pytest.raises(UnknownName, match="no stage"):
        simulate_tables(100, leak=("cured", OTHER, 5))
