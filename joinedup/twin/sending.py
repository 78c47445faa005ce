"""What one trust sends for one month: which rows, under which identifiers, with which faults."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.twin.calendar import Month
from joinedup.twin.drawing import Array, Floats
from joinedup.twin.figures import practice, read
from joinedup.twin.lots import lot, pick
from joinedup.twin.population import Population


def serial(prefix: str, numbers: Array, width: int) -> pa.Array:
    """Identifiers such as R00000012: a prefix and a number with leading zeros."""
    digits = pc.utf8_lpad(pa.array(numbers, pa.int64()).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(prefix, digits, "")


def day_column(days: Array, absent: Array | None = None) -> pa.Array:
    """Day numbers as dates; null where `absent`."""
    return pa.array(days.astype(np.int32), pa.int32(), mask=absent).cast(pa.date32())


def texts(values: list[str] | tuple[str, ...], positions: Array, absent: Array | None = None) -> pa.Array:
    """Texts by their position in a short list; null where `absent` or where the text is empty."""
    known = pa.array([value or None for value in values], pa.string())
    return known.take(pa.array(positions.astype(np.int32), pa.int32(), mask=absent))


@dataclass(frozen=True)
class Sending:
    """A population with the identifiers of both trusts; `dirt` multiplies the rates of faults (0 =
    spotless)."""

    population: Population
    seed: int
    dirt: float
    spec: ReturnSpec

    @cached_property
    def request_ids(self) -> pa.Array:
        """ServiceRequestId of every referral, numbered by day of receipt."""
        order = np.argsort(self.population.referrals["received"], kind="stable")
        number = np.empty(len(order), dtype=np.int64)
        number[order] = np.arange(1, len(order) + 1)
        return serial("R", number, 8)

    @cached_property
    def patient_numbers(self) -> tuple[Array, ...]:
        """Number of every person at each trust: the two have nothing in common."""
        count = len(self.population.nhs_number)
        generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, 1])))
        return tuple(generator.permutation(count) + 1 for _ in self.population.trusts)

    @cached_property
    def nhs_numbers(self) -> pa.Array:
        """NHS number of every person as text."""
        return pa.array(self.population.nhs_number, pa.int64()).cast(pa.string())

    def patient_ids(self, trust: int, persons: Array) -> pa.Array:
        """LocalPatientId of persons at one trust."""
        return serial(f"{self.population.trusts[trust]}P", self.patient_numbers[trust][persons], 8)

    def lot(self, question: str, thing: Array) -> Floats:
        """A lasting random number for a thing and a question."""
        return lot(question, thing, self.seed)

    def chosen(self, name: str, thing: Array) -> pa.Array:
        """Texts drawn for each thing by the shares that practice.yaml gives under `name`; empty becomes
        null."""
        shares = practice()[name]
        return texts(list(shares), pick(list(shares.values()), self.lot(name, thing)))

    def share(self, name: str, thing: Array) -> Array:
        """True for the share of things that practice.yaml gives under `name`."""
        return np.asarray(self.lot(name, thing) < practice()[name])

    def fault(self, name: str, thing: Array, refresh: bool) -> Array:
        """True where a thing carries the fault `name` of dirt.yaml; a refresh mends some of them."""
        rates = read("dirt")
        rate = rates[name] * self.dirt * (rates["left_by_refresh"] if refresh else 1.0)
        return np.asarray(self.lot(name, thing) < rate)

    def table(self, table_id: str, columns: dict[str, pa.Array]) -> pa.Table:
        """A table with exactly the national columns, in the national order; those not given are null."""
        size = len(next(iter(columns.values())))
        wanted = [column.name for column in self.spec.table(table_id).columns]
        empty = pa.nulls(size, pa.string())
        return pa.table([columns.pop(name, empty) for name in wanted], names=wanted)


@dataclass(frozen=True)
class View:
    """Rows of one trust's month: positions of referrals, of the latest referral of each person, of
    appointments."""

    trust: int
    month: Month
    refresh: bool
    referrals: Array
    people: Array
    appointments: Array
    ended: Array

    @property
    def code(self) -> str:
        """Key of the month and kind, for drawing lots that belong to one submission."""
        return f"{self.trust}{self.month.key}"


def view(sending: Sending, trust: int, month: Month, refresh: bool) -> View:
    """Everyone open in the month or closed in it; a primary submission misses what was recorded late."""
    referrals, rows = sending.population.referrals, sending.population.appointments
    here = (
        (referrals["trust"] == trust)
        & (referrals["received"] <= month.last)
        & (referrals["end"] >= month.first)
    )
    chosen = np.flatnonzero(here)
    order = chosen[np.lexsort((-referrals["received"][chosen], referrals["person"][chosen]))]
    persons = referrals["person"][order]
    latest = order[np.concatenate([[True], persons[1:] != persons[:-1]])] if len(order) else order
    first, last = span(sending.population, trust, month)
    appointments = np.arange(first, last)
    ended = referrals["end"][chosen] <= month.last
    if not refresh:
        late = practice()["late_share"]
        appointments = appointments[sending.lot("late", appointments) >= late]
        ended &= sending.lot("late_end", chosen) >= practice()["late_end_share"]
    keep = rows["day"][appointments] <= referrals["end"][rows["referral"][appointments]]
    return View(trust, month, refresh, chosen, latest, appointments[keep], ended)


def span(population: Population, trust: int, month: Month) -> tuple[int, int]:
    """First and one past the last appointment of a trust's month (appointments lie in order of trust and
    day)."""
    rows = population.appointments
    start, stop = np.searchsorted(rows["trust"], [trust, trust + 1])
    days = rows["day"][start:stop]
    return int(start + np.searchsorted(days, month.first)), int(
        start + np.searchsorted(days, month.last, "right")
    )
