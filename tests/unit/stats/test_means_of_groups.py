from __future__ import annotations

import numpy as np
import pytest

from joinedup.errors import YourCommand
from joinedup.stats.means_of_groups import means_of_groups


def test_a_mean_with_the_limits_of_the_t_tables() -> None:
    """t of 3 degrees of freedom: 3.182446 at 95%, 5.840909 at 99%."""
    found = means_of_groups([2, 4, 6, 8])
    assert found.groups.tolist() == ["all"]
    assert (found.number[0], found.total[0], found.value[0]) == (4, 20, 5)
    assert found.deviation[0] == pytest.approx(np.sqrt(20 / 3))
    reach = np.sqrt(20 / 3) / 2
    assert (found.lower[0], found.upper[0]) == pytest.approx(
        (5 - 3.182446305 * reach, 5 + 3.182446305 * reach)
    )
    assert means_of_groups([2, 4, 6, 8], confidence=0.99).upper[0] == pytest.approx(5 + 5.840909310 * reach)


def test_groups_stay_apart_in_order_of_appearance() -> None:
    found = means_of_groups([5, 1, 7, np.nan, 3, 3, 9], ["y", "x", "y", "m", "x", "m", "one"])
    assert found.groups.tolist() == ["y", "x", "m", "one"]
    assert found.number.tolist() == [2, 2, 2, 1]
    np.testing.assert_array_equal(found.value, [6, 2, np.nan, 9])
    np.testing.assert_allclose(found.deviation, [np.sqrt(2), np.sqrt(2), np.nan, np.nan])
    # t of 1 degree of freedom is 12.706205, and s / √2 is 1
    np.testing.assert_allclose(found.lower, [6 - 12.7062047, 2 - 12.7062047, np.nan, np.nan])


def test_a_constant_has_no_width_and_nothing_has_no_mean() -> None:
    flat = means_of_groups([3, 3, 3])
    assert (flat.deviation[0], flat.lower[0], flat.upper[0]) == (0, 3, 3)
    empty = means_of_groups([])
    assert empty.number.tolist() == [0]
    assert np.isnan([empty.value, empty.deviation, empty.lower, empty.upper]).all()


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_confidence_of_a_mean_is_a_share(confidence: float) -> None:
    with pytest.raises(YourCommand, match="between 0 and 1"):
        means_of_groups([1, 2], confidence=confidence)
