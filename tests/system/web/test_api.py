"""The API as programs meet it: parts of lists, entity tags, problems, the figures of the pages, its description."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from joinedup_web.organisations.policy import load_policy
from tests.system.web.api_people import ask, body, token_for
from tests.system.web.test_access_matrix import client

WHOLE_PER_CENT = 6e-3
"""Rates of fewer than 1,000 people are shown as whole per cent."""


@pytest.fixture(scope="module")
def analyst(django_here: Any) -> str:
    return token_for("analyst")[1]


# how it answers


def test_a_long_list_comes_in_parts_that_make_the_whole(django_here: Any, analyst: str) -> None:
    whole = body(ask("figures?measure=M195&limit=1000", analyst))
    codes, address, parts = [], "figures?measure=M195&limit=29", 0
    while address:
        answer = ask(address, analyst)
        part = body(answer)
        assert part["total"] == whole["total"] and part["state"] == whole["state"]
        codes += [one["code"] for one in part["items"]]
        found = re.search(r'</api/v1/([^>]+)>; rel="next"', answer.headers["Link"])
        address, parts = found[1] if found else "", parts + 1
    assert parts > 2 and codes == [one["code"] for one in whole["items"]] and len(codes) == whole["total"]
    assert body(ask("figures?offset=9999999", analyst))["items"] == []


def test_an_answer_that_has_not_changed_is_not_sent_again(django_here: Any, analyst: str) -> None:
    first = ask("figures?measure=M195&limit=5", analyst)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache" and "Authorization" in first.headers["Vary"]
    again = ask("figures?limit=5&measure=M195", analyst, HTTP_IF_NONE_MATCH=f'"other", W/{tag}')
    assert again.status_code == 304 and again.content == b"" and again.headers["ETag"] == tag
    assert ask("figures?measure=M195&limit=6", analyst, HTTP_IF_NONE_MATCH=tag).status_code == 200
    assert ask("figures?measure=M195&limit=5", HTTP_IF_NONE_MATCH=tag).status_code == 401


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("figures?mesure=M195", 422), ("figures?limit=0", 422), ("figures?limit=1001", 422),
        ("figures?limit=1&limit=2", 422),
        ("figures?measure=nothing", 404), ("figures?group=Nobody", 404), ("figures?place=NOWHERE", 404),
        ("figures?level=galaxy", 404), ("figures?period=2026-13", 404), ("figures?breakdown=shoe_size", 404),
        ("figures?state=999999", 404), ("figures?state=x", 422), ("measures/%00", 422), ("measures/NOTHING", 404),
        ("gap?group=Nobody", 404), ("gap?place=NOWHERE", 404), ("gap?place=RKL", 404), ("gaps?place=NOWHERE", 404),
        ("numbers/ABCDEFGHIJ/earlier", 404), ("journey?by=nothing", 404), ("tables/about", 404),
        ("tables/registry", 404),
        ("tables/..%2Fabout", 404), ("places/%00", 422), ("places?on=yesterday", 422), ("places?level=galaxy", 404),
        ("numbers/ABCDEFGHIJ", 404), ("numbers/short", 422), ("services?state=1", 422), ("nothing", 404), ("", 404),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_a_problem_that_says_what_to_do(
    path: str, status: int, django_here: Any, analyst: str
) -> None:
    answer = ask(path, analyst)
    assert answer.status_code == status and answer.headers["Content-Type"] == "application/problem+json"
    told = body(answer)
    assert told["status"] == status and told["title"] and told["detail"] and told["remedy"]
    assert told["type"].startswith("/api/v1/docs#") and "<script" not in answer.content.decode()


def test_head_is_answered_and_a_slash_too_many_is_a_problem(django_here: Any, analyst: str) -> None:
    assert ask("measures/M195", analyst, method="head").status_code == 200
    assert ask("measures/M195/", analyst).headers["Content-Type"] == "application/problem+json"


# the same figures as on the pages


def test_every_number_of_the_pages_is_there_with_its_value(django_here: Any, analyst: str) -> None:
    """Each code beside a figure on a page: the API has the same number, at the precision of the page."""
    from joinedup.charts.words import percent, whole

    figures: dict[str, Any] = {}
    for offset in (0, 1000, 2000):
        part = body(ask(f"figures?limit=1000&offset={offset}", analyst))
        figures |= {one["code"]: one for one in part["items"]}
    assert len(figures) == part["total"]
    compared = 0
    for slug in ("all-outcomes", "waiting", "paired", "m001-services", "m076-services"):
        for cell in body(ask(f"tables/{slug}", analyst))["cells"]:
            one = figures.get(cell["code"])
            if one is None or (cell["unit"] == "" and one["unit"] == "per cent"):
                continue
            told = percent(one["value"]) if one["unit"] == "per cent" else whole(one["value"])
            assert cell["text"] == told, (slug, cell, one)
            assert (cell["hidden"] is None) == (one["value"] is not None)
            compared += 1
    assert compared > 100


def test_the_steps_of_a_waterfall_lead_from_one_rate_to_the_other(django_here: Any, analyst: str) -> None:
    gaps = body(ask("gaps?limit=1000", analyst))["items"]
    everywhere = [one for one in gaps if one["place"] == "total"]
    for one in (*everywhere, *gaps[len(everywhere) :: 7]):
        asked = urlencode({name: one[name] for name in ("by", "group", "place")})
        told = body(ask(f"gap?{asked}", analyst))
        assert told["gap"] == one and told["sentence"]
        parts = [stage["contribution"] for stage in told["stages"]]
        if None in (*parts, one["gap"]):  # a count behind it is hidden, at a small service
            assert all(stage["hidden"] for stage in told["stages"] if stage["contribution"] is None)
            continue
        assert sum(parts) == pytest.approx(one["gap"], abs=5e-4)
        assert told["group_rate"] - told["reference_rate"] == pytest.approx(
            one["gap"], abs=WHOLE_PER_CENT if one["place"] == "total" else 2 * WHOLE_PER_CENT
        )
        if one["place"] != "total":
            assert told["counts"] == []  # of services, only how they compare was released
            continue
        referred = [row for row in told["counts"] if row["part"] == "referred"]
        assert {row["series"] for row in referred} == {"group", "reference"} and all(
            row["count"] for row in referred
        )
    services = {one["place"] for one in gaps} - {"total"}
    assert "total" in {one["place"] for one in gaps} and services
    (at, *_) = sorted(services)
    some = body(ask(f"gaps?place={at}", analyst))["items"]
    assert some and some == [one for one in gaps if one["place"] == at] and some[0]["place_name"]
    page = client("analyst").get(
        f"/explore/gap/?{urlencode({'place': at, 'by': some[0]['by'], 'group': some[0]['group']})}"
    )
    assert some[0]["code"] in page.content.decode()


def test_every_code_opens_and_numbers_agree(django_here: Any, analyst: str) -> None:
    rows = body(ask("figures?measure=M195&measure=M001&limit=400", analyst))["items"][::40]
    waits = body(ask("waits?limit=3", analyst))["items"]
    stages = body(ask("gap", analyst))["stages"][:3]
    for row in rows:
        told = body(ask(f"numbers/{row['code'].lower()}", analyst))
        assert (told["value"], told["unit"], told["hidden"]) == (row["value"], row["unit"], row["hidden"])
        assert told["counts"] == {"numerator": row["numerator"], "denominator": row["denominator"]}
        assert told["definition"]["measure_id"] == row["measure_id"] and told["rows_in_and_out"]
    for one in (*waits, *stages):
        assert body(ask(f"numbers/{one['code']}", analyst))["figures"]


def test_a_number_is_told_as_it_was_in_earlier_states(
    django_here: Any, analyst: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A state before the newest, in which one cell had another code and another count."""
    from joinedup.charts.words import percent
    from joinedup_web.equity import opening

    (newest, *_), kept = opening.states(), opening.folder()
    found = opening.current_figures(str(newest))
    assert found is not None
    code, entry = next(
        (code, entry)
        for code, entry in found.registry.items()
        if entry["measure_id"] == "M195" and (entry["counts"]["numerator"] or 0) > 50
    )
    assert body(ask(f"numbers/{code}/earlier", analyst))["earlier"] == []
    (tmp_path / str(newest)).symlink_to(kept / str(newest))
    before, counts = (
        tmp_path / str(newest - 1),
        {**entry["counts"], "numerator": entry["counts"]["numerator"] - 5},
    )
    before.mkdir()
    (before / "state.json").write_text(json.dumps({**found.about, "snapshot": newest - 1}))
    (before / "registry.json").write_text(json.dumps({"B234567BCD": {**entry, "counts": counts}}))
    monkeypatch.setattr(opening, "folder", lambda: tmp_path)
    (one,) = body(ask(f"numbers/{code.lower()}/earlier", analyst))["earlier"]
    now = body(ask(f"numbers/{code}", analyst))
    assert (one["snapshot"], one["code"], one["counts"]) == (newest - 1, "B234567BCD", counts)
    assert one["lower"] < one["value"] < one["upper"] and one["value"] < now["value"]
    assert one["figure"].startswith(percent(one["value"])) and one["hidden"] is None
    (again,) = body(ask("numbers/B234567BCD/earlier", analyst))["earlier"]
    assert (again["code"], again["value"], again["lower"]) == (code, now["value"], now["lower"])


def test_hidden_values_are_null_and_say_why(django_here: Any, analyst: str) -> None:
    reasons = set()
    for offset in (0, 1000, 2000):
        for one in body(ask(f"figures?limit=1000&offset={offset}", analyst))["items"]:
            reasons.add(one["hidden"])
            counts = [one["numerator"]] + ([one["denominator"]] if one["unit"] == "per cent" else [])
            if None in counts:
                assert one["value"] is None and one["hidden"] == "protected"
            elif one["value"] is None:
                assert one["hidden"] == "too_few" and one["denominator"] < 20
            assert all(count is None or count % 5 == 0 for count in counts)
    assert reasons == {None, "protected", "too_few"}


def test_the_register_is_as_at_a_day_here_too(django_here: Any, analyst: str) -> None:
    then, now = (body(ask(f"places?on={day}&limit=1000", analyst)) for day in ("2012-06-01", "2025-06-01"))
    assert "pct" in {one["level"] for one in then["items"]} and "pct" not in {
        one["level"] for one in now["items"]
    }
    closed = body(ask("places/W2U3Z", analyst))
    assert closed["valid_to"] == "2022-06-30" and closed["successor"] and len(closed["lines"]) > 2


def test_the_description_is_complete(django_here: Any) -> None:
    told = body(ask("openapi.json"))
    listed = {f"api_{one['operationId']}" for methods in told["paths"].values() for one in methods.values()}
    assert listed | {"api_openapi", "api_docs"} == {
        name for name in load_policy().addresses if name.startswith("api_")
    }
    assert {"ByToken", "BySession"} <= set(told["components"]["securitySchemes"])
    for methods in told["paths"].values():
        for one in methods.values():
            assert (
                one["security"]
                and one["summary"]
                and one["description"]
                and {"401", "429"} <= set(one["responses"])
            )
            assert all(parameter.get("description") for parameter in one["parameters"])
