"""Every case of the reference programs, put to joinedup. JOINEDUP_ORACLES names another folder of the same shape."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.conftest import reference_folder
from tests.oracles.adapters import all_methods
from tests.oracles.agreeing import Method, differences
from tests.oracles.cases import Case, cases_in, methods_in

FOLDER = reference_folder("JOINEDUP_ORACLES", "../shared/oracles")
CASES = [case for method in methods_in(FOLDER) for case in cases_in(FOLDER, method)]
MOST_DEVIATIONS = 15


@cache
def known() -> dict[str, Method]:
    return all_methods()


@cache
def deviations() -> dict[str, str]:
    """Case id to the reason why we knowingly answer otherwise."""
    listed = yaml.safe_load((Path(__file__).parent / "deviations.yaml").read_text(encoding="utf-8")) or []
    return {case_id: entry["reason"] for entry in listed for case_id in entry["cases"]}


def test_the_reference_cases_are_there() -> None:
    if not CASES:
        pytest.skip("no oracle cases: set JOINEDUP_ORACLES")


@pytest.mark.parametrize("case", CASES, ids=[case.case_id for case in CASES])
def test_agrees_with_the_peer(case: Case) -> None:
    assert case.method in known(), f"a method without an adapter: {case.method}"
    found = differences(known()[case.method], case)
    if case.case_id in deviations():
        assert found, "a deviation that is none: take it off the list"
    else:
        assert not found, "\n".join(found[:12])


def test_deviations_are_few() -> None:
    assert len(deviations()) <= MOST_DEVIATIONS
