"""Returns for tests of the desk: made small, so that a check takes a second, and broken where a test says so."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from tests.unit.intake.small_returns import Rows, as_zip, small_return

PEOPLE = range(30)


def whole(path: Path, provider: str = "RKL", period: str = "2026-03", **more: Any) -> Path:
    """A return that breaks no rule which rejects."""
    return as_zip(path, _of(provider, period, **more))


def broken(path: Path, provider: str = "RKL", period: str = "2026-03") -> Path:
    """The same with an attendance code that is no code in each of thirty contacts."""
    tables = _of(provider, period)
    tables["IDS201"] = [{**row, "AttendOrDNACode": "99"} for row in tables["IDS201"]]
    return as_zip(path, tables)


def refused(path: Path, provider: str = "RKL") -> Path:
    """A return of which nothing may be taken: no referrals."""
    tables = _of(provider, "2026-03")
    tables["IDS101"] = []
    return as_zip(path, tables)


def bomb(path: Path) -> Path:
    """A zip that unpacks to a thousand times its size."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("IDS000Header.csv", b"0" * 20_000_000)
    return path


def _of(provider: str, period: str, **more: Any) -> dict[str, Rows]:
    tables = small_return(provider, period, people=PEOPLE, **more)
    site = {"RKL": "RKL07", "RV3": "RV3CH"}[provider]
    tables["IDS201"] = [{**row, "SiteIDOfTreat": site} for row in tables["IDS201"]]
    return tables
