"""The reference group as if it had the mix of the group it is compared with.

Cells of service x age x sex x deprivation at referral. A cell's weight is its share in the group over its
share in the reference (post-stratification: Holt and Smith, JRSS A 142, 1979, 33-46). Cells with few people
of the reference are pooled with others of their kind, giving up deprivation first, then sex, then age.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SMALLEST_CELL = 10
"""People of the reference below which a cell is pooled: weights stay moderate, and a cell's rate means
something.
"""

AGE_STARTS = (26, 40, 65)
COVARIATES = {
    "age": "Age_ReferralRequest_ReceivedDate",
    "sex": "Gender",
    "deprivation": "IndicesOfDeprivationDecile",
}


@dataclass(frozen=True)
class Mix:
    """Weights of the reference, shape (n_reference,), adding up to n_reference; cell of each person in both
    groups.

    `unmatched` is the share of the group for whom the reference has no one.
    """

    weights: Floats
    cells: Ints
    group_cells: Ints
    unmatched: float


def covariate_keys(table: pa.Table, names: tuple[str, ...]) -> Ints:
    """Whole numbers, shape (n, len(names)), one column for each of service, borough, age, sex and
    deprivation.
    """
    columns = [_CODERS[name](table[COVARIATES.get(name, name)]) for name in names]
    return np.stack(columns, axis=1) if columns else np.zeros((table.num_rows, 0), np.int64)


def reweight(group: Ints, reference: Ints, smallest: int = SMALLEST_CELL) -> Mix:
    """Give the reference, keys (n_b, d), the mix of the group, keys (n_a, d); columns from the most to the
    least kept.
    """
    cells, group_cells = _pool(group, reference, smallest)
    size = int(max(cells.max(initial=-1), group_cells.max(initial=-1))) + 1
    ours, theirs = np.bincount(group_cells, minlength=size), np.bincount(cells, minlength=size)
    weights = np.divide(ours, theirs, out=np.zeros(size), where=theirs > 0)[cells]
    matched = int(ours[theirs > 0].sum())
    scale = len(cells) / weights.sum() if matched else 0.0
    return Mix(weights * scale, cells, group_cells, 1 - matched / max(len(group_cells), 1))


def _pool(group: Ints, reference: Ints, smallest: int) -> tuple[Ints, Ints]:
    """Cell numbers of reference and group; at each level cells that are large enough are settled."""
    cells, group_cells = np.full(len(reference), -1), np.full(len(group), -1)
    settled = 0
    for level in range(group.shape[1], -1, -1):
        free, group_free = cells < 0, group_cells < 0
        if not (group_free.any() or free.any()):
            break
        keys = _single(np.concatenate([group[group_free, :level], reference[free, :level]]))
        found = np.unique(keys, return_inverse=True)[1]
        ours, theirs = found[: group_free.sum()], found[group_free.sum() :]
        here = np.bincount(theirs, minlength=found.max() + 1)
        enough = (here >= smallest) if level else np.ones_like(here, bool)
        cells[free] = np.where(enough[theirs], theirs + settled, -1)
        group_cells[group_free] = np.where(enough[ours], ours + settled, -1)
        settled += len(here)
    return cells, group_cells


def _single(keys: Ints) -> Ints:
    """One whole number for each row of keys, shape (n, d), equal where the rows are equal."""
    single = np.zeros(len(keys), np.int64)
    for column in keys.T:
        low = int(column.min(initial=0))
        single = single * (int(column.max(initial=0)) - low + 1) + column - low
    return single


def mix_variance(mix: Mix, coarse: Mix, y: Floats) -> float:
    """Variance of the reference's rate under `mix` less its rate under `coarse`; y (n_b,) is who succeeded.

    Three sources: outcomes within cells; the group's own mix being a sample; under `coarse`, also which
    cells of a coarse cell the reference happened to fill. Between-cell variances are freed of the noise in
    the cells' own rates.
    """
    n_b, n_a = len(y), max(len(mix.group_cells), 1)
    fine_rate, fine_var, fine_n = _cell_rates(mix.cells, y)
    coarse_rate, coarse_var, _ = _cell_rates(coarse.cells, y)
    difference = (mix.weights - coarse.weights) / n_b
    within = float((difference**2 * fine_var[mix.cells]).sum())
    scatter = np.maximum(coarse_var[coarse.cells] - fine_var[mix.cells], 0.0)
    filled = float(((coarse.weights / n_b) ** 2 * scatter).sum())
    matched = (mix.group_cells < len(fine_rate)) & (coarse.group_cells < len(coarse_rate))
    ours, theirs = mix.group_cells[matched], coarse.group_cells[matched]
    noise = float((fine_var[ours] / np.maximum(fine_n[ours], 1)).mean()) if matched.any() else 0.0
    spread = float(np.var(fine_rate[ours] - coarse_rate[theirs])) if matched.any() else 0.0
    return within + filled + max(spread - noise, 0.0) / n_a


def service_variance(mix: Mix, y: Floats) -> float:
    """Variance of the reference's rate under weights of one kind of cell less its plain rate."""
    n_b, n_a = len(y), max(len(mix.group_cells), 1)
    rate, variance, _ = _cell_rates(mix.cells, y)
    within = float((((mix.weights - 1) / n_b) ** 2 * variance[mix.cells]).sum())
    matched = mix.group_cells[mix.group_cells < len(rate)]
    ours = float(np.var(rate[matched])) / n_a if len(matched) else 0.0
    return within + ours + float(np.var(rate[mix.cells])) / n_b


def _cell_rates(cells: Ints, y: Floats) -> tuple[Floats, Floats, Floats]:
    """Rate, unbiased variance of one outcome, and number of people, by cell."""
    n = np.bincount(cells).astype(float)
    rate = np.divide(np.bincount(cells, weights=y), n, out=np.zeros_like(n), where=n > 0)
    overall = float(y.mean()) if len(y) else 0.0
    variance = np.divide(
        rate * (1 - rate) * n, n - 1, out=np.full_like(n, overall * (1 - overall)), where=n > 1
    )
    return rate, variance, n


def _text_codes(column: pa.ChunkedArray) -> Ints:
    codes = column.combine_chunks().dictionary_encode().indices
    return np.asarray(codes.cast("int64").fill_null(-1).to_numpy(zero_copy_only=False))


def _numbers(column: pa.ChunkedArray) -> Ints:
    return np.asarray(column.cast("int64").fill_null(-1).to_numpy())


def _ages(column: pa.ChunkedArray) -> Ints:
    ages = _numbers(column)
    return np.where(ages < 0, -1, np.searchsorted(AGE_STARTS, ages, side="right"))


def _quintiles(column: pa.ChunkedArray) -> Ints:
    deciles = _numbers(column)
    return np.where(deciles < 1, -1, (deciles + 1) // 2)


_CODERS = {
    "service": _text_codes,
    "borough": _text_codes,
    "sex": _text_codes,
    "age": _ages,
    "deprivation": _quintiles,
}
