"""What callers pass, as arrays of one shape, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.errors import YourCommand
from joinedup.stats.arrays import counts_out_of, floats, upper_tail_z


def test_numbers_lists_and_gaps_become_floats_of_one_shape():
    one, two = floats(3, [1, None])
    assert one.tolist() == [3, 3]
    assert two[0] == 1 and np.isnan(two[1])
    assert one.dtype == two.dtype == np.float64


@pytest.mark.parametrize(("x", "n"), [(-1, 3), (0, -1), (4, 3), ([0, 4], [3, 3])])
def test_impossible_counts_are_numbered(x, n):
    with pytest.raises(YourCommand, match=r"^1 counts are below 0"):
        counts_out_of(x, n)


def test_none_all_and_missing_are_counts():
    count, total = counts_out_of([0, 3, np.nan, 1, 0], [3, 3, 3, np.nan, 0])
    assert count[[0, 1, 3, 4]].tolist() == [0, 3, 1, 0]
    assert total[[0, 1, 2, 4]].tolist() == [3, 3, 3, 0]
    assert np.isnan([count[2], total[3]]).all()


@pytest.mark.parametrize(("confidence", "z"), [(0.95, 1.9599640), (0.998, 3.0902323), (0.5, 0.6744898)])
def test_z_of_a_two_sided_interval(confidence, z):
    assert upper_tail_z(confidence) == pytest.approx(z, abs=1e-7)


@pytest.mark.parametrize("confidence", [0, 1, 1.5, 95, -0.1, np.nan])
def test_a_confidence_is_a_share(confidence):
    with pytest.raises(YourCommand, match="between 0 and 1") as refused:
        upper_tail_z(confidence)
    assert "0.95" in str(refused.value.remedy)
