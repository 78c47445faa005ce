from __future__ import annotations

import numpy as np
import pytest

from joinedup.errors import YourCommand
from joinedup.stats.quantiles import assigned_quantiles


def test_the_highest_values_are_in_quantile_1() -> None:
    values = [30, 10, 50, 20, 40, 60]
    assert assigned_quantiles(values, parts=3).tolist() == [2, 3, 1, 3, 2, 1]
    assert assigned_quantiles(values, parts=3, highest_first=False).tolist() == [2, 1, 3, 1, 2, 3]
    assert assigned_quantiles(np.arange(20)).tolist() == sorted([*range(1, 11)] * 2, reverse=True)


def test_ties_stay_together_at_their_first_rank() -> None:
    assert assigned_quantiles([1, 2, 2, 2, 2, 3], parts=3, highest_first=False).tolist() == [1, 1, 1, 1, 1, 3]
    assert assigned_quantiles([7] * 12, parts=4).tolist() == [1] * 12


def test_each_group_has_its_own_quantiles() -> None:
    values, groups = [1, 9, 2, 8, 3, 7], list("ababab")
    assert assigned_quantiles(values, groups, parts=3, highest_first=False).tolist() == [1, 3, 2, 2, 3, 1]


def test_too_few_or_missing_values_have_none() -> None:
    found = assigned_quantiles([1, np.nan, 2, 5, 6, 7, np.nan], list("aaabbbb"), parts=3)
    np.testing.assert_array_equal(found, [np.nan, np.nan, np.nan, 3, 2, 1, np.nan])
    assert assigned_quantiles([1, 2], parts=2).tolist() == [2, 1]
    assert np.isnan(assigned_quantiles([np.nan, np.nan], parts=2)).all()
    assert assigned_quantiles([]).shape == (0,)


def test_the_odd_areas_go_where_the_peer_puts_them() -> None:
    """Seven areas in fifths: 1, 1, 2, 3, 3, 4, 5 by floor(6 - ceil((8 - rank) 5/7))."""
    assert assigned_quantiles(np.arange(7), parts=5, highest_first=False).tolist() == [1, 1, 2, 3, 3, 4, 5]


@pytest.mark.parametrize("parts", [1, 0, -2, 2.5])
def test_parts_are_a_whole_number_from_2(parts: float) -> None:
    with pytest.raises(YourCommand, match="parts cannot be made"):
        assigned_quantiles([1, 2, 3], parts=parts)  # type: ignore[arg-type]  # 2.5 is the point
