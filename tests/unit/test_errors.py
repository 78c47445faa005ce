"""The error tree: exit codes, and messages that say where and what to do."""

from __future__ import annotations

import pytest

from joinedup import errors


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UnsafeFile("x"), 1),
        (errors.UnknownName("x"), 2),
        (errors.LakeDamaged("x"), 3),
        (errors.KeyRefused("x"), 2),
    ],
)
def test_exit_codes_follow_the_kind(error: errors.JoinedupError, code: int) -> None:
    assert error.exit_code == code


def test_a_data_error_says_file_row_column_rule_and_remedy() -> None:
    error = errors.UnreadableFile(
        "not a date",
        file="IDS101.csv",
        row=3,
        column="ServDischDate",
        rule="IDS10127",
        remedy="Send YYYY-MM-DD.",
    )
    assert str(error) == (
        "file IDS101.csv, row 3, column ServDischDate, rule IDS10127: not a date\n  What to do: Send YYYY-MM-DD."
    )
    assert str(errors.YourData("empty")) == "empty"


def test_the_drawn_tree_names_every_class() -> None:
    names = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.JoinedupError)
    }
    assert all(name in (errors.__doc__ or "") for name in names)
