"""The slips that mutation testing makes."""

from __future__ import annotations

import pytest

from tests.mutation.operators import mutants_of

IN_A_FUNCTION = "def f(x):\n    {}\n"


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("y = x < 3", ["x < 3 -> x <= 3", "3 -> 4"]),
        ("y = x + 1", ["x + 1 -> x - 1", "1 -> 2"]),
        ("y = x and not z", ["x and (not z) -> x or not z", "not z -> z"]),
        ("y = np.minimum(x, z)", ["np.minimum -> np.maximum"]),
        ("y = f(x, axis=k, dtype=int)", ["f(x, axis=k, dtype=int) -> f(x, dtype=int)"]),
        ("return x", ["return x -> return None"]),
        ("raise ValueError", ["raise ValueError -> pass"]),
        ("y: int | None = True", ["True -> False"]),
        ("y = 'a' + 'b'", []),
        ("return None", []),
    ],
)
def test_slips_of_a_line(line, changes):
    found = mutants_of(IN_A_FUNCTION.format(line))
    assert [each.change for each in found] == changes
    assert all(each.line == 2 and each.function == (2, 2) for each in found)


def test_each_mutant_differs_in_one_place_and_runs():
    values = []
    for mutant in mutants_of("A = 2 * 3 - 1\n"):
        names: dict[str, int] = {}
        exec(mutant.code("here"), names)
        values.append(names["A"])
        assert mutant.function is None
    # +; /; 3 * 3; 2 * 4; - 2
    assert values == [7, 2 / 3 - 1, 8, 7, 4]


def test_what_stands_outside_every_function_is_worked_at_import():
    places = {each.change: each.function for each in mutants_of("def f(x=1):\n    return 2\nB = 3\n")}
    assert places == {"1 -> 2": None, "return 2 -> return None": (2, 2), "2 -> 3": (2, 2), "3 -> 4": None}


def test_what_only_a_type_checker_reads_is_left_alone():
    assert mutants_of("if TYPE_CHECKING:\n    A = 1\n") == []
