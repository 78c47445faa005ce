"""Write the twin as trusts send it: a zip per trust, month and kind, with a CSV file for each national
table."""

from __future__ import annotations

import io
import json
import zipfile
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.errors import UnknownName
from joinedup.twin.areas import Areas
from joinedup.twin.calendar import EPOCH, Month
from joinedup.twin.contact_tables import contact_tables
from joinedup.twin.person_tables import person_tables
from joinedup.twin.planted import effects
from joinedup.twin.population import Progress, populate
from joinedup.twin.referral_tables import referral_tables
from joinedup.twin.sending import Sending, day_column, view
from joinedup.twin.truth import truth

FIXED = (2020, 1, 1, 0, 0, 0)  # times inside a zip say nothing, so that the same seed gives the same bytes
PRIMARY_AFTER, REFRESH_AFTER = (
    timedelta(days=20, hours=9, minutes=30),
    timedelta(days=51, hours=9, minutes=30),
)
TRANSIT = timedelta(hours=5)
BACKLOG = 2  # submissions in memory at a time beyond the one being compressed
VERSION = "2.1"
SYSTEM = "JOINEDUP TWIN"
CSV_OPTIONS = pacsv.WriteOptions(quoting_style="none", quoting_header="none", batch_size=65_536)


@dataclass(frozen=True)
class TwinSummary:
    """What was written: `people` and `referrals` of the months sent, `contacts` sent (each once), files and
    bytes."""

    directory: Path
    people: int
    referrals: int
    contacts: int
    files: int
    bytes: int
    rows: int


def write_twin(
    directory: Path | str,
    *,
    scale: float = 1.0,
    months: int = 36,
    seed: int = 7,
    ending: str = "2026-03",
    dirt: float = 1.0,
    plant: bool = True,
    progress: Progress | None = None,
) -> TwinSummary:
    """Write a synthetic North West London into `directory`: returns/, receipts.csv, postcodes.csv,
    truth.json.

    `scale` 1 has the published volumes (about 81,000 referrals a year); `dirt` multiplies the rates of
    faults and 0 breaks no rule; `plant` False leaves the planted effects out. `progress` is called with a
    sentence and the share done. The same arguments give the same bytes. UnknownName if `ending` is not a
    month such as 2026-03.
    """
    check(scale, months, ending)
    folder = Path(directory)
    (folder / "returns").mkdir(parents=True, exist_ok=True)
    say = progress or (lambda sentence, share: None)
    say("simulating people and their care", 0.0)
    chosen = effects() if plant else ()
    population = populate(scale, months, seed, ending, chosen=chosen)
    sending = Sending(population, seed, dirt, ReturnSpec.load("talking_therapies"))
    receipts, size, rows = submissions(folder / "returns", sending, say)
    receipts += resubmitted(folder, sending, receipts)
    write_receipts(folder / "receipts.csv", receipts)
    write_postcodes(folder / "postcodes.csv", population.areas)
    facts = truth(population, seed=seed, scale=scale, dirt=dirt, chosen=chosen)
    (folder / "truth.json").write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    sent = population.referrals["received"] <= population.months[-1].last
    within = population.appointments["day"]
    within = (within >= population.months[0].first) & (within <= population.months[-1].last)
    return TwinSummary(
        directory=folder,
        people=len(np.unique(population.referrals["person"][sent])),
        referrals=int(sent.sum()),
        contacts=int(within.sum()),
        files=len(receipts),
        bytes=size,
        rows=rows,
    )


def submissions(folder: Path, sending: Sending, say: Progress) -> tuple[list[tuple[str, datetime]], int, int]:
    """Write every zip; (name and time of receipt of each), bytes, rows. One thread compresses while the next
    submission is put together: the bytes are the same either way."""
    population = sending.population
    jobs = [(m, t, late) for m in population.months for t in range(len(population.trusts)) for late in (0, 1)]
    receipts: list[tuple[str, datetime]] = []
    waiting: deque[Future[int]] = deque()
    size = rows = 0
    with ThreadPoolExecutor(max_workers=1) as compressor:
        for done, (month, trust, late) in enumerate(jobs):
            name = f"{population.trusts[trust]}_{month.key}_{'refresh' if late else 'primary'}.zip"
            created, tables = submission(sending, trust, month, bool(late))
            rows += sum(table.num_rows for table in tables.values())
            waiting.append(compressor.submit(write_zip, folder / name, sending.spec, tables))
            receipts.append((name, created + TRANSIT))
            if len(waiting) > BACKLOG:
                size += waiting.popleft().result()
            say(f"writing {name}", 0.15 + 0.85 * (done + 1) / len(jobs))
        size += sum(each.result() for each in waiting)
    return receipts, size, rows


def check(scale: float, months: int, ending: str) -> None:
    """Refuse what cannot be simulated, before any work."""
    try:
        datetime.strptime(ending, "%Y-%m")
    except ValueError as fault:
        raise UnknownName(
            f"'{ending}' is not a month", remedy="write the last month as in 2026-03"
        ) from fault
    if not 0 < scale <= 10 or not 1 <= months <= 120:
        raise UnknownName(
            "the twin cannot be made that size", remedy="choose a scale up to 10 and from 1 to 120 months"
        )


def submission(
    sending: Sending, trust: int, month: Month, late: bool
) -> tuple[datetime, dict[str, pa.Table]]:
    """The tables of one submission, and when it was put together."""
    seen = view(sending, trust, month, late)
    end = datetime.combine(EPOCH, datetime.min.time()) + timedelta(days=month.last)
    created = end + (REFRESH_AFTER if late else PRIMARY_AFTER)
    code = sending.population.trusts[trust]
    header = {
        "DatSetVer": VERSION,
        "OrgIDProv": code,
        "OrgIDSubmit": code,
        "PrimSystemInUse": SYSTEM,
        "DateTimeDatSetCreate": created.isoformat(timespec="seconds"),
    }
    columns = {name: pa.array([value]) for name, value in header.items()}
    columns["ReportingPeriodStartDate"] = day_column(np.array([month.first]))
    columns["ReportingPeriodEndDate"] = day_column(np.array([month.last]))
    tables = {"IDS000": sending.table("IDS000", columns)}
    tables |= person_tables(sending, seen) | referral_tables(sending, seen) | contact_tables(sending, seen)
    return created, tables


def write_zip(path: Path, spec: ReturnSpec, tables: dict[str, pa.Table]) -> int:
    """A zip with a CSV file for each table, in the order of the data set; its size in bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for table in spec.tables:
            text = io.BytesIO()
            pacsv.write_csv(tables[table.id], text, CSV_OPTIONS)
            member = zipfile.ZipInfo(f"{table.name}.csv", FIXED)
            member.compress_type, member.external_attr, member.create_system = (
                zipfile.ZIP_DEFLATED,
                0o644 << 16,
                3,
            )
            archive.writestr(member, text.getbuffer(), compresslevel=1)
    return path.stat().st_size


def resubmitted(
    folder: Path, sending: Sending, receipts: list[tuple[str, datetime]]
) -> list[tuple[str, datetime]]:
    """Copies that real trusts send too: the third month's primary arrives twice (dirty returns only)."""
    if not sending.dirt or len(sending.population.months) < 3:
        return []
    key = sending.population.months[2].key
    name = next(name for name, _ in receipts if f"_{key}_primary" in name)
    copy = name.replace("_primary", "_primary_again")
    (folder / "returns" / copy).write_bytes((folder / "returns" / name).read_bytes())
    return [(copy, dict(receipts)[name] + timedelta(days=1))]


def write_receipts(path: Path, receipts: list[tuple[str, datetime]]) -> None:
    """receipts.csv: file, received (UTC), and what the sender announced, in the order of arrival."""
    lines = []
    for name, when in sorted(receipts, key=lambda pair: pair[::-1]):
        provider, period = name.split("_")[:2]
        lines.append(f"{name},{when:%Y-%m-%dT%H:%M:%SZ},{provider},{provider},{period}")
    heading = "file,received,provider,sender,period"
    path.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")


def write_postcodes(path: Path, areas: Areas) -> None:
    """postcodes.csv in the column names of the ONS directory: pcds, oslaua, lsoa11, imd (rank, 1 = most
    deprived)."""
    table = pa.table(
        {"pcds": areas.postcode, "oslaua": areas.borough, "lsoa11": areas.lsoa, "imd": areas.rank}
    )
    with path.open("wb") as file:
        pacsv.write_csv(table, file, CSV_OPTIONS)
