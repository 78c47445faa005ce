"""Splink, for what no rule linked: trained on a sample of the whole, asked about the leftovers alone.

This is the one module that calls Splink, and imports it where used (1.8 s). Identifiers are held in DuckDB's memory:
without a folder to spill to, a question that does not fit is refused rather than written out.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from joinedup.errors import MissingPart
from joinedup.lake.session import connect
from joinedup.linkage.chance import NEAR, by_chance
from joinedup.linkage.fields import (
    BORN,
    FIELDS,
    FIRST,
    NUMBER,
    POSTCODE,
    SURNAME,
    UNKNOWN,
    Codes,
    Pool,
)
from joinedup.linkage.model import FORM, Model
from joinedup.linkage.rules import Pairs

Floats = npt.NDArray[np.float64]

MEMORY = "4GB"
_SAMPLE_PAIRS = (
    10_000  # of rule-linked people in the training sample: weights move by under 1% with ten times more
)


@dataclass(frozen=True)
class Scored:
    """Scored pairs: probability of being one person, and the match weight (in bits) of each field."""

    pairs: Pairs
    probability: Floats
    weights: dict[str, Floats]


def train(pool: Pool, linked: Pairs, *, seed: int = 1) -> Model:
    """A model from a sample: rule-linked pairs and, in proportion, records without a link. Deterministic by seed.

    `linked` are the pairs that rules found. Agreement by chance is counted (`by_chance`), agreement within a person
    comes from expectation-maximisation over two blocks, so that no field is learnt from pairs chosen by it.
    """
    splink = _splink()
    drawn = np.random.default_rng(seed)
    rows, fields = _sample(pool, linked, drawn), _fields(pool)
    chance = by_chance(pool, rows, linked, fields, drawn)
    with _linker(pool, rows, _settings(chance, _prior(pool, rows, linked))) as linker:
        training = linker.training
        for block in _training_blocks(fields):
            training.estimate_parameters_using_expectation_maximisation(
                block, fix_probability_two_random_records_match=False
            )
        settings = linker.misc.save_model_to_json()
    sizes = tuple(int(size) for size in np.bincount(pool.source[rows], minlength=len(pool.sources)))
    return Model(FORM, splink.__version__, fields, seed, sizes, settings)


def score(pool: Pool, rows: Codes, model: Model, *, matches: float, least: float) -> Scored:
    """Pairs among `rows` of different sources whose probability of being one person is at least `least`.

    `matches` is how many pairs of one person there are in all, rule-linked ones included: what the fields say of a
    pair is learnt over all of them, and those linked already are no longer candidates, so that the chance before
    any field is looked at is `matches` over the pairs that remain.
    """
    settings = {
        **model.settings,
        "probability_two_random_records_match": min(matches / _possible(pool, rows), 0.5),
    }
    if len(np.unique(pool.source[rows])) < 2:
        return _nothing(model.fields)
    with _linker(pool, rows, settings) as linker:
        found = linker.inference.predict(threshold_match_probability=least)
        columns = ", ".join(
            ["unique_id_l", "unique_id_r", "match_probability", *(f"mw_{f}" for f in model.fields)]
        )
        answer = found.as_duckdbpyrelation().select(columns).to_arrow_table()
    return _scored(answer, model.fields)


def _scored(answer: pa.Table, fields: Sequence[str]) -> Scored:
    one, other = (answer[f"unique_id_{side}"].to_numpy().astype(np.int64) for side in "lr")
    left, right = np.minimum(one, other), np.maximum(one, other)
    order = np.lexsort((right, left))
    weights = {field: answer[f"mw_{field}"].to_numpy().astype(np.float64)[order] for field in fields}
    probability = answer["match_probability"].to_numpy().astype(np.float64)[order]
    return Scored(Pairs(left[order], right[order]), probability, weights)


def _nothing(fields: Sequence[str]) -> Scored:
    none, nought = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Scored(Pairs(none, none), nought, dict.fromkeys(fields, nought))


def _possible(pool: Pool, rows: Codes) -> float:
    """Pairs of records of different sources."""
    sizes = np.bincount(pool.source[rows], minlength=len(pool.sources)).astype(float)
    return max(float((sizes.sum() ** 2 - (sizes**2).sum()) / 2), 1.0)


def _prior(pool: Pool, rows: Codes, linked: Pairs) -> float:
    inside = np.zeros(len(pool), dtype=bool)
    inside[rows] = True
    known = int((inside[linked.left] & inside[linked.right]).sum())
    return min(max(known, 1) / _possible(pool, rows), 0.5)


def _sample(pool: Pool, linked: Pairs, chance: np.random.Generator) -> Codes:
    """Both records of some linked pairs, and of the unlinked records the same share."""
    share = min(1.0, _SAMPLE_PAIRS / max(len(linked), 1))
    alone = np.ones(len(pool), dtype=bool)
    alone[linked.left] = alone[linked.right] = False
    pairs = linked.where(chance.random(len(linked)) < share)
    others = np.flatnonzero(alone & (chance.random(len(pool)) < share))
    return np.unique(np.concatenate([pairs.left, pairs.right, others]))


def _fields(pool: Pool) -> tuple[str, ...]:
    """The fields that some record knows: what an index lacks cannot be learnt."""
    return tuple(field for field in FIELDS if (pool.codes[field] != UNKNOWN).any())


def _settings(chance: Mapping[str, tuple[float, ...]], prior: float) -> Any:
    """Splink's settings for these fields, each with how often its levels hold by chance."""
    from splink import SettingsCreator

    return SettingsCreator(
        link_type="link_only",
        comparisons=[_comparison(field, shares) for field, shares in chance.items()],
        blocking_rules_to_generate_predictions=_prediction_blocks(tuple(chance)),
        probability_two_random_records_match=prior,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=True,
    )


def _comparison(field: str, shares: tuple[float, ...]) -> Any:
    import splink.comparison_level_library as levels
    from splink.comparison_library import CustomComparison

    near = NEAR[field].levels(field) if field in NEAR else ()
    known = [levels.ExactMatchLevel(field), *map(levels.CustomLevel, near), levels.ElseLevel()]
    counted = [
        level.configure(u_probability=share, fix_u_probability=True)
        for level, share in zip(known, shares, strict=True)
    ]
    return CustomComparison([levels.NullLevel(field), *counted], output_column_name=field)


def _blocks(fields: Sequence[str], wanted: Sequence[Sequence[str]]) -> list[Any]:
    from splink import block_on

    # substr(birth_date, 1, 4) is the year.
    held = [block for block in wanted if all(any(f in part for f in fields) for part in block)]
    return [block_on(*block) for block in held]


def _prediction_blocks(fields: Sequence[str]) -> list[Any]:
    year = f"substr({BORN}, 1, 4)"
    wanted = [
        (NUMBER,),
        (BORN, SURNAME),
        (BORN, FIRST),
        (BORN, POSTCODE),
        (FIRST, SURNAME, year),
        (SURNAME, POSTCODE),
    ]
    return _blocks(fields, wanted)


def _training_blocks(fields: Sequence[str]) -> list[Any]:
    return _blocks(fields, [(BORN, SURNAME), (POSTCODE,)] if SURNAME in fields else [(BORN,), (POSTCODE,)])


def _splink() -> Any:
    try:
        import splink
    except ImportError:
        raise MissingPart("Scoring needs Splink.", remedy="pip install 'joinedup[linkage]'") from None
    return splink


@contextmanager
def _linker(pool: Pool, rows: Codes, settings: Any) -> Iterator[Any]:
    """Splink over these records, quiet, in memory that is freed at the end."""
    splink = _splink()
    connection = connect(memory_limit=MEMORY, threads=2, spill=None)
    try:
        with _quiet():
            connection.execute("SET enable_progress_bar = false")
            backend = splink.DuckDBAPI(connection=connection)
            tables = [
                backend.register(
                    _rows_of(pool, rows[pool.source[rows] == number]), table_name=f"source_{number}"
                )
                for number in np.unique(pool.source[rows])
            ]
            # Its checks of settings are for those that people write; ours are tested, and the checks take 0.1 s.
            yield splink.Linker(tables, settings, log_level=logging.CRITICAL, validate_settings=False)
    finally:
        connection.close()


def _rows_of(pool: Pool, rows: Codes) -> pa.Table:
    return pa.table({"unique_id": rows, **{field: pool.texts(field, rows) for field in FIELDS}})


@contextmanager
def _quiet() -> Iterator[None]:
    """Splink tells of each step in its logs, and of values that it thinks odd."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)
