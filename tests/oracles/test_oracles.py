"""Every case of the reference programs, put to joinedup. JOINEDUP_ORACLES names another folder of the same shape."""

from __future__ import annotations

import os
from functools import cache

import pytest

from tests.conftest import ROOT, reference_folder
from tests.oracles.adapters import all_methods
from tests.oracles.agreeing import Method, differences
from tests.oracles.agreement import deviations
from tests.oracles.cases import Case, cases_in, methods_in

FOLDER = reference_folder("JOINEDUP_ORACLES", "../shared/oracles")
CASES = [case for method in methods_in(FOLDER) for case in cases_in(FOLDER, method)]
MOST_DEVIATIONS = 15


@cache
def known() -> dict[str, Method]:
    return all_methods()


@cache
def deviating() -> frozenset[str]:
    """Cases that we knowingly answer otherwise."""
    return frozenset(case_id for entry in deviations() for case_id in entry["cases"])


def test_the_reference_cases_are_there() -> None:
    if not CASES:
        pytest.skip("no oracle cases: set JOINEDUP_ORACLES")


@pytest.mark.parametrize("case", CASES, ids=[case.case_id for case in CASES])
def test_agrees_with_the_peer(case: Case) -> None:
    assert case.method in known(), f"a method without an adapter: {case.method}"
    found = differences(known()[case.method], case)
    if case.case_id in deviating():
        assert found, "a deviation that is none: take it off the list"
    else:
        assert not found, "\n".join(found[:12])


def test_deviations_are_few() -> None:
    assert len(deviating()) <= MOST_DEVIATIONS


def test_the_page_of_agreement_is_up_to_date() -> None:
    """Its numbers follow from the list of deviations, since every other case agrees."""
    text = (ROOT / "docs" / "reference" / "agreement.md").read_text(encoding="utf-8")
    if "JOINEDUP_ORACLES" in os.environ or not CASES:
        pytest.skip("the page tells of the cases in ../shared/oracles")
    assert f"{len(CASES) - len(deviating())} of {len(CASES)} cases agree" in text
    for method in methods_in(FOLDER):
        assert f"| {method} | {known()[method].peer} | {len(cases_in(FOLDER, method))} |" in text
    assert all(entry["reason"] in text for entry in deviations())
