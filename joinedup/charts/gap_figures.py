"""Codes of a gap and its parts: figures made of many released counts, which their entries name."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from joinedup.charts.cells import only_released
from joinedup.disclosure import code_of

if TYPE_CHECKING:
    from joinedup.disclosure import Released
    from joinedup.equity import GapAttribution

WHOLE = "the whole gap"
RATES = {
    "group": "group_rate", "reference": "reference_rate",
    "reference_at_the_mix_of_the_group": "reference_rate_at_the_mix_of_the_group",
}  # fmt: skip
"""Where a waterfall ends, where it begins, and where it would begin at the mix of the group; outcomes per referral."""


def code_of_part(released: Released[GapAttribution], stage: str = WHOLE, kind: str = "") -> str:
    """The code of the gap, or of what one stage adds to it. Raises YourCommand for what was not released."""
    only_released(released)
    identity = released.value.identity()
    cell = {"filters": identity["filters"], "part": stage, "kind": kind}
    return code_of(identity["measure_id"], identity["version"], identity["snapshot"], cell, released.profile)


def gap_registry(released: Released[GapAttribution]) -> dict[str, dict[str, Any]]:
    """Entries that open the gap, its parts and every count behind them. Raises YourCommand for what was not released."""
    only_released(released)
    gap, answer = released.value, released.value.to_json()
    reckoned = _reckoned(gap)
    common = {**gap.identity(), "profile": released.profile, "in and out": reckoned}
    chains = {
        code: entry["counts"]["count"]
        for code, entry in released.registry.items()
        if entry["cell"].get("series") in ("group", "reference")
    }
    found = {code: {**entry, "in and out": reckoned} for code, entry in released.registry.items()}
    figures = {name: answer[name] for name in ("gap", "lower", "upper", "fewer_recoveries")}
    rates = {RATES[side]: rate for side, rate in answer["rates"].items()}
    found[code_of_part(released)] = {
        **common, "cell": {"part": WHOLE}, "figures": {**figures, **rates},
        "unit": answer["unit"], "counts": {}, "made of": sorted(chains),
    }  # fmt: skip
    for bar, part in zip(gap.bars, answer["stages"], strict=True):
        found[code_of_part(released, bar.stage, bar.kind)] = {
            **common, "cell": {"part": bar.stage, "kind": bar.kind}, "figures": {k: v for k, v in part.items() if k not in ("stage", "kind")},
            "unit": answer["unit"], "counts": {}, "made of": sorted(chains),
        }  # fmt: skip
    return found


def _reckoned(gap: GapAttribution) -> dict[str, Any]:
    """Referrals in and out of the comparison, as released."""
    names = ("in: referrals of the group", "in: referrals of the reference")
    found = {name: _whole(count) for name, count in zip(names, gap.referrals, strict=True)}
    if gap.not_stated is not None:
        found["out: group not stated"] = _whole(gap.not_stated[0])
    return found


def _whole(count: float) -> int | None:
    return None if math.isnan(count) else round(count)
