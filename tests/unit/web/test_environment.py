"""What production refuses, and that nobody else is refused anything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from joinedup_web.config.environment import Environment, is_sample, kept_secret

GOOD = Environment(
    folder=Path("/srv/workspace"), lake=None, origin="https://joinedup.example.nhs.uk", database="postgresql://app@/x",
    owner="postgresql://owner@/x", secret_key="Zq3" + "abcdefghijklmnopqrstuvwxyz0123456789" + "QWERTZUIOPASDFGH",
    production=True,
)  # fmt: skip


def test_a_good_environment_is_not_refused() -> None:
    assert GOOD.refusals("live") == ()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"debug": True}, "DEBUG"),
        ({"origin": "http://joinedup.example.nhs.uk"}, "https"),
        ({"secret_key": "change-me" * 9}, "secret key"),
        ({"secret_key": ""}, "secret key"),
        ({"secret_key": "short"}, "secret key"),
        ({"demo": True}, "Demo accounts"),
        ({"owner": GOOD.database}, "owner"),
    ],
)
def test_each_fault_is_named(wrong: dict[str, object], words: str) -> None:
    faulty = replace(GOOD, **wrong)  # type: ignore[arg-type]
    assert [reason for reason in faulty.refusals("live") if words in reason]
    assert replace(faulty, production=False).refusals("live") == ()


def test_a_demo_lake_is_not_for_people() -> None:
    assert any("demo" in reason for reason in GOOD.refusals("demo"))


def test_variables_make_the_same_environment_again() -> None:
    assert Environment.read({**GOOD.as_variables(), "JOINEDUP_OWNER_URL": GOOD.owner}) == GOOD


def test_the_owners_address_is_not_among_the_variables() -> None:
    assert GOOD.owner not in GOOD.as_variables().values()


def test_a_secret_is_made_once_and_only_we_read_it(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "key")
    assert kept_secret(tmp_path / "key") == first and not is_sample(first)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
