"""A process map as it leaves: what it does not name stays in its totals, and nothing small can be read off it."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.charts import (
    ProcessMap,
    activity_table,
    chart,
    process_map,
    process_steps,
    release_process,
    step_table,
    variant_table,
)
from joinedup.charts.process_map import DAY, HOUR, MINUTE, WEEK, Span
from joinedup.charts.process_picture import in_order, lasting
from joinedup.cli import run
from joinedup.disclosure import release
from joinedup.errors import YourCommand
from joinedup.journeys.event_logs import EventLog, discover, event_log

NAMES = ("referral", "assessment", "treatment", "cancelled", "discharge")
LIKELY = {"referral": "aaaaatc", "assessment": "ttttttcd", "treatment": "ttttcdda", "cancelled": "aattd"}


def clinic(cases: int = 400, seed: int = 3) -> EventLog:
    """People who go from step to step by chance, some days apart."""
    chance, rows = random.Random(seed), []
    for case in range(cases):
        now, time = "referral", 0
        rows.append((case, now, time))
        while now != "discharge" and chance.random() < 0.92:
            letter = chance.choice(LIKELY[now])
            now = next(name for name in NAMES if name.startswith(letter))
            time += chance.randint(0, 40)
            rows.append((case, now, time))
    case, name, when = zip(*rows, strict=True)
    return event_log(NAMES, case, [NAMES.index(one) for one in name], when, unit="day")


def mapped(least: int = 10, **more: int) -> ProcessMap:
    return process_map(discover(clinic(**more)), about={"log": "clinic"}, least=least, profile="model")


def check_sums(found: ProcessMap) -> None:
    """Every sum that is claimed holds in true counts."""
    values = list(found.held.values())
    keys = list(found.held)
    values[keys.index(("events", "", ""))] = found.events
    for total, parts, rest in found.relations():
        added = sum(values[row] or 0 for row, _ in parts)
        assert added <= values[total[0]] if rest else added == values[total[0]]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 9)), min_size=1, max_size=80),
    st.integers(1, 6),
)
def test_all_sums_that_are_claimed_hold(rows: list[tuple[int, int, int]], least: int) -> None:
    cases = list(dict.fromkeys(case for case, _, _ in rows))
    log = event_log(
        NAMES, [cases.index(c) for c, _, _ in rows], [a for _, a, _ in rows], [t for *_, t in rows]
    )
    check_sums(process_map(discover(log), about={}, least=least, profile="model"))
    check_sums(process_map(discover(log), about={}, least=least))


def test_sums_hold_on_a_log_of_some_size() -> None:
    check_sums(mapped())


def test_steps_with_few_cases_are_not_named_but_counted() -> None:
    found = discover(clinic())
    named = mapped(least=60)
    rare = [t for t in found.transitions if t.cases < 60]
    assert rare and not {(t.before, t.after) for t in rare} & {(s.before, s.after) for s in named.steps}
    assert named.count("steps not shown") == sum(t.times for t in rare)
    shown = sum(named.count("step", s.before, s.after) or 0 for s in named.steps)
    assert (
        shown + (named.count("steps not shown") or 0)
        == named.count("transitions")
        == found.transitions_counted
    )


def test_what_is_released_is_rounded_and_nothing_small_is_shown() -> None:
    released = release_process(discover(clinic()), about={"log": "clinic"})
    counts = [count for count in released.value.held.values() if count is not None]
    assert counts and min(counts) >= 5 and not any(count % 5 for count in counts)
    assert released.value.events is not None and released.value.events % 5 == 0
    assert not {entry["counts"]["count"] for entry in released.registry.values()} & {1, 2, 3, 4}


def test_times_leave_in_whole_weeks_where_enough_stands_behind_them() -> None:
    released = release_process(discover(clinic()), about={}).value
    found = {(t.before, t.after): t for t in discover(clinic()).transitions}
    for step in released.steps:
        true = found[step.before, step.after]
        times, cases = (
            released.count(part, step.before, step.after) or 0 for part in ("step", "cases taking")
        )
        assert (step.median is not None) == (times >= 10 and cases >= 20)
        if step.median is not None:
            assert (
                step.median.value % 7 == 0
                and abs(step.median.value - true.median.value) <= step.median.grain / 2
            )
        if step.ninetieth is not None:
            assert times >= 100
    assert any(step.median for step in released.steps)


def test_releasing_twice_changes_nothing() -> None:
    once = release_process(discover(clinic()), about={"log": "clinic"})
    twice = release(once.value)
    assert (twice.value, twice.registry) == (once.value, once.registry)


def test_a_log_that_is_not_of_people_leaves_as_it_is() -> None:
    found = discover(clinic(cases=30))
    released = release_process(found, about={}, least=1, profile="model").value
    assert {(s.before, s.after): released.count("step", s.before, s.after) for s in released.steps} == {
        (t.before, t.after): t.times for t in found.transitions
    }
    assert released.count("steps not shown") == 0
    assert [s.median.value for s in released.steps if s.median] == [t.median.value for t in found.transitions]


def test_a_map_that_names_what_the_profile_hides_does_not_leave() -> None:
    with pytest.raises(YourCommand, match="fewer than 5"):
        release(mapped(least=4))
    with pytest.raises(YourCommand, match="fewer than 8"):
        release(mapped(least=5), "opensafely")
    assert release_process(discover(clinic()), about={}, least=1, profile="opensafely").value.least == 8


def test_no_threshold_tells_more_of_a_count_than_its_rounding() -> None:
    found = discover(clinic())
    for step in found.transitions:
        shown = 5 * ((2 * step.cases + 5) // 10)
        for least in range(5, 40):
            named = {(s.before, s.after) for s in process_map(found, about={}, least=least).steps}
            assert ((step.before, step.after) in named) == (step.cases >= 5 and shown >= least)


def test_a_share_is_taken_of_the_cases_as_shown_and_what_is_left_out_is_released() -> None:
    found = discover(clinic(cases=398))
    released = release_process(found, about={}, share=1.0, left_out=3).value
    assert released.least == 400 and released.count("left out") is None
    assert release_process(found, about={}, left_out=13).value.count("left out") == 15


def test_only_a_released_map_is_drawn() -> None:
    with pytest.raises(YourCommand):
        process_steps(mapped(), slug="x", caption="")  # type: ignore[arg-type]


def test_the_picture_says_what_is_left_out_and_its_table_adds_up() -> None:
    released = release_process(discover(clinic()), about={"log": "clinic"}, least=60)
    picture = chart(released, "process_steps", slug="map", caption="c", noun="people")
    assert "are in steps taken in fewer than 60 people, which are not shown" in picture.sentence
    *_, left_out, total = step_table(released).rows
    assert left_out[:3] == ("Steps not shown", "", f"{released.value.count('steps not shown'):,}")
    assert total[:3] == ("All transitions", "", f"{released.value.count('transitions'):,}")
    assert all(
        code in released.registry
        for table in (step_table(released), activity_table(released))
        for code in table.codes
    )
    assert variant_table(released).rows[-1][0] == "All other sequences"
    for size in ("phone", "page", "a4"):
        words = "".join(ET.fromstring(picture.svg[size]).itertext())
        assert "treatment" in words and "Start" in words and "Last event" in words


def test_activities_stand_in_the_order_in_which_they_mostly_happen() -> None:
    assert in_order(release_process(discover(clinic()), about={}).value, list(NAMES)) == [
        "referral", "assessment", "treatment", "cancelled", "discharge",
    ]  # fmt: skip


def test_times_read_as_a_person_says_them() -> None:
    said = {
        lasting(None, "ms"): "hidden",
        lasting(Span(0.0, MINUTE), "ms"): "under a minute",
        lasting(Span(0.0, HOUR), "ms"): "under an hour",
        lasting(Span(0.0, 7), "day"): "under a week",
        lasting(Span(7.0, 7), "day"): "1 week",
        lasting(Span(3.0 * MINUTE, MINUTE), "ms"): "3 minutes",
        lasting(Span(90.0 * MINUTE, MINUTE), "ms"): "1.5 hours",
        lasting(Span(2.5 * DAY, HOUR), "ms"): "2.5 days",
        lasting(Span(12.0 * WEEK, WEEK), "ms"): "12 weeks",
    }
    assert list(said) == list(said.values())


def csv_of(folder: Path, log: EventLog) -> Path:
    rows = ["id,what,when,sex"]
    for case in range(log.cases):
        for i in range(log.starts[case], log.starts[case + 1]):
            day = f"2024-{1 + log.time[i] // 28 % 12:02}-{1 + log.time[i] % 28:02}"
            rows.append(f"{case},{log.activities[log.activity[i]]},{day},{'FM'[case % 2]}")
    (folder / "log.csv").write_text("\n".join(rows) + "\n")
    return folder / "log.csv"


COLUMNS = ["--case", "id", "--activity", "what", "--time", "when"]


def test_the_command_maps_a_log_and_writes_its_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import json

    file = csv_of(tmp_path, clinic(cases=150))
    command = ["journeys", "map", "--log", str(file), *COLUMNS]
    assert (
        run(
            [*command, "--where", "sex=F", "--hide-rare", "0.2", "--json", "--out", str(tmp_path / "map.svg")]
        )
        == 0
    )
    found = json.loads(capsys.readouterr().out)
    assert (found["cases"], found["least_cases"], found["about"]["sex"]) == (75, 15, "F")
    assert all(step["cases"] >= 15 for step in found["steps"])
    assert (tmp_path / "map.svg").read_text().startswith("<svg")
    assert run([*command, "--variants", "3"]) == 0
    told = capsys.readouterr().out
    assert "The most frequent step leads from" in told
    assert "All transitions" in told and "All other sequences" in told


def test_the_command_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = csv_of(tmp_path, clinic(cases=20))
    assert run(["journeys", "map"]) == 2
    assert run(["journeys", "map", "--log", str(file)]) == 2
    assert run(["journeys", "map", "--log", str(tmp_path / "log.txt")]) == 1
    assert run(["journeys", "map", "--log", str(file), *COLUMNS, "--where", "sex"]) == 2
    assert run(["journeys", "map", "--log", str(file), *COLUMNS, "--out", str(tmp_path / "map.txt")]) == 2
    assert run(["journeys", "map", "--log", str(file), *COLUMNS, "--where", "height=1"]) == 1
    for profile in ("naive", "as-published"):
        assert run(["journeys", "map", "--log", str(file), *COLUMNS, "--profile", profile]) == 2
    assert run(["journeys", "map", "--lake", str(tmp_path), "--profile", "model"]) == 2
    assert "column height" in capsys.readouterr().err
