from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from lake_rows import on, referrals, replace

from joinedup.lake import Lake, create_lake


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return create_lake(tmp_path / "lake", purpose="demo", key_fingerprint="abc")


@pytest.fixture
def filled(lake: Lake) -> Lake:
    """Two providers, two months; then RV3's April replaced."""
    lake.commit(
        [
            replace(
                ("RV3", "2024-04"),
                ("RKL", "2024-04"),
                rows=pa.concat_tables(
                    [referrals(("RV3", "2024-04"), range(10)), referrals(("RKL", "2024-04"), range(7))]
                ),
            )
        ],
        kind="load",
        known_at=on(10),
    )
    lake.commit(
        [replace(("RV3", "2024-04"), rows=referrals(("RV3", "2024-04"), range(100, 103)))],
        kind="load",
        known_at=on(20),
    )
    return lake
