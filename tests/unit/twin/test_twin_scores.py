from __future__ import annotations

import numpy as np

from joinedup.definitions.thresholds import Thresholds
from joinedup.twin.flags import questionnaires
from joinedup.twin.outcomes import Outcome
from joinedup.twin.scores import pools


def outcome_in_words(row, case, change):
    """Plain reading of the national flags, one person at a time."""
    first_phq, last_phq, first, last = row
    at_start = first_phq >= 10 or first >= case
    recovered = at_start and last_phq < 10 and last < case
    fell = first_phq - last_phq >= 6 or round(first - last, 2) >= change
    rose = last_phq - first_phq >= 6 or round(last - first, 2) >= change
    improved, worse = fell and not rose, rose and not fell
    if not at_start:
        return (
            Outcome.BELOW_IMPROVED
            if improved
            else Outcome.BELOW_DETERIORATED
            if worse
            else Outcome.BELOW_UNCHANGED
        )
    if recovered:
        return Outcome.CASE_RELIABLY_RECOVERED if improved else Outcome.CASE_RECOVERED_ONLY
    return (
        Outcome.CASE_IMPROVED if improved else Outcome.CASE_DETERIORATED if worse else Outcome.CASE_UNCHANGED
    )


def test_every_pooled_score_set_has_the_outcome_it_is_filed_under():
    found = pools(np.random.default_rng(3))
    by_code = {q.code: q for q in questionnaires()}
    assert len(found) == 7
    for code, pool in found.items():
        q = by_code[code]
        case = 2.305 if code == "MI" else q.case
        for outcome in Outcome:
            rows = pool.rows[outcome][:400]
            assert len(rows) >= 20
            for row in rows.astype(float).round(2).tolist():
                assert outcome_in_words(row, case, q.change) == outcome


def test_scores_are_in_range_and_on_the_step():
    for code, pool in pools(np.random.default_rng(4)).items():
        q = next(q for q in questionnaires() if q.code == code)
        rows = np.concatenate(pool.rows)
        assert rows[:, 2:].min() >= q.low - 1e-6
        assert rows[:, 2:].max() <= q.high + 1e-6
        assert np.allclose(
            rows / np.array([1, 1, q.step, q.step]),
            np.round(rows / np.array([1, 1, q.step, q.step])),
            atol=1e-3,
        )


def test_thresholds_are_those_of_the_definitions():
    defined = {q.code: q for q in Thresholds.load().questionnaires}
    for q in questionnaires():
        assert q.snomed[0] in defined[q.code].snomed
        exact = q.code != "MI"  # the mobility inventory says "more than 2.3" and its scores have two decimals
        assert np.isclose(q.case, defined[q.code].caseness.value, atol=1e-9 if exact else 0.011)
        assert np.isclose(q.change, defined[q.code].reliable_change, atol=1e-9 if exact else 0.011)


def test_no_panic_score_changes_by_the_size_on_which_readings_differ():
    rows = np.concatenate(pools(np.random.default_rng(5))["PDSS"].rows)
    assert not (np.abs(rows[:, 2] - rows[:, 3]) == 5).any()
