"""The served API against its own description: whatever is asked, with a token or without, it answers as it says."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from joinedup_web.organisations.policy import OPEN, load_policy
from tests.eighths import an_eighth
from tests.system.web.api_people import token_for
from tests.system.web.conftest import Served

OPERATIONS = sorted(
    name.removeprefix("api_")
    for name, asks in load_policy().addresses.items()
    if name.startswith("api_") and asks != OPEN
)
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
PATIENCE = 120
"""Seconds: a machine may be busy with other tests."""
FILES = ("send_return",)
"""Operations that take a file: whatever bytes are sent, they are as described and no return."""
NO_RETURN = ("411", "415", "422")
TOKENS = 12
"""Asked by turns, so that no allowance is used up: allowances have a test of their own."""


@pytest.fixture(scope="module")
def description(workspace: Served) -> Any:
    told = requests.get(f"{workspace.address}/api/v1/openapi.json", timeout=PATIENCE).json()
    made = schemathesis.openapi.from_dict(told)
    made.config.update(base_url=workspace.address, request_timeout=PATIENCE)
    refused = made.config.checks.negative_data_rejection.expected_statuses
    made.config.checks.negative_data_rejection.expected_statuses = [
        *refused,
        "411",
        "414",
    ]  # without a length, or too long for the server
    return made


@pytest.fixture(scope="module")
def tokens(django_here: Any) -> Any:
    return itertools.cycle([token_for("analyst")[1] for _ in range(TOKENS)])


@pytest.fixture(scope="module")
def session() -> Any:
    with requests.Session() as made:
        yield made


def keeps_its_word(name: str, description: Any, tokens: Any, session: Any, examples: int) -> None:
    operation = description.find_operation_by_id(name)
    positive = description.config.checks.positive_data_acceptance
    usual = [one for one in positive.expected_statuses if one not in NO_RETURN]
    positive.expected_statuses = [*usual, *(NO_RETURN if name in FILES else ())]
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in MODES))

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=cases)
    def check(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {next(tokens)}"}, session=session)

    check()


@pytest.mark.parametrize("name", an_eighth(OPERATIONS))
def test_each_operation_answers_as_described(name: str, description: Any, tokens: Any, session: Any) -> None:
    keeps_its_word(name, description, tokens, session, examples=6)


@pytest.mark.full
@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_answers_as_described_whatever_is_asked(
    name: str, description: Any, tokens: Any, session: Any
) -> None:
    keeps_its_word(name, description, tokens, session, examples=100)


def shuts_out(name: str, description: Any, session: Any, examples: int) -> None:
    operation = description.find_operation_by_id(name)
    checks = [
        not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    ]  # fmt: skip

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        case.headers = {}
        case.cookies = {}
        answer = case.call(session=session)
        assert answer.status_code == 401, answer.text
        case.validate_response(answer, checks=checks)

    check()


@pytest.mark.parametrize("name", an_eighth(OPERATIONS))
def test_without_a_token_each_operation_says_that_one_is_missing(
    name: str, description: Any, session: Any
) -> None:
    shuts_out(name, description, session, examples=3)


@pytest.mark.full
@pytest.mark.parametrize("name", OPERATIONS)
def test_without_a_token_nothing_opens_whatever_is_asked(name: str, description: Any, session: Any) -> None:
    shuts_out(name, description, session, examples=100)
