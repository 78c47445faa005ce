"""The workspace under load, on loopback: what people wait for, and whether anything fails.

    python -m benchmarks.web --lake demo/lake [--seconds 300] [--json]

A workspace is served on the lake and asked in four ways: every page of the explorer once after the start (cold); by
twenty people who each read for a second between pages (cached); the API fifty times a second; the public front page
fifty times a second. Seconds of the last two count from when a request was due, so that a server that falls behind is
seen to. Whoever asks runs on the same cores as whoever answers. It stops by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import cycle, islice
from pathlib import Path

import requests

from joinedup_web.config.environment import Environment
from joinedup_web.config.serving import served

GATES = {"cold": 3.0, "explorer": 0.8, "api": 0.2, "public": 0.3}
PEOPLE, THINKING, RATE = 20, 1.0, 50
PAGES = (
    "/explore/", "/explore/measure/M195/", "/explore/measure/M195/?view=services",
    "/explore/measure/M195/?view=ethnic_group", "/explore/measure/M001/?view=boroughs", "/explore/gap/",
    "/explore/gap/?by=deprivation_quintile", "/explore/journey/", "/explore/quality/",
    "/explore/places/?by=boroughs&measure=M195", "/explore/places/?by=months&measure=M192",
)  # fmt: skip
READS = (
    "/api/v1/measures", "/api/v1/places", "/api/v1/state", "/api/v1/figures?measure=M195",
    "/api/v1/gaps", "/api/v1/journey", "/api/v1/quality",
)  # fmt: skip
TOKENS = """
import django
django.setup()
from datetime import date, timedelta
from django.db import transaction
from joinedup_web.api.actions import make_token
from joinedup_web.organisations.models import Person
from joinedup_web.organisations.scope import scope_of
today = date.today()
for number in range(PEOPLE):
    with transaction.atomic():
        scope = scope_of(Person.objects.get(email="analyst@demo.invalid"), today)
        told = {"kinds": ("figure", "register"), "expires": today + timedelta(days=1), "today": today}
        print(make_token(by=scope, name=f"bench {number}", **told)[1])
"""


@dataclass
class Asked:
    """Seconds of every answer, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def ask(self, session: requests.Session, address: str, due: float | None = None) -> None:
        """One request; slow from `due`, by default from now."""
        began = time.monotonic() if due is None else due
        try:
            answer = session.get(address, timeout=30)
            if answer.status_code != 200 or "/account/login/" in answer.url:
                self.wrong.append(f"{answer.status_code} {address}")
        except requests.RequestException as error:
            self.wrong.append(f"{type(error).__name__} {address}")
        self.seconds.append(time.monotonic() - began)

    @property
    def p95(self) -> float:
        """The 95th percentile of the seconds."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)]


@contextmanager
def serving(lake: Path, figures: Path | None) -> Iterator[tuple[str, str, list[str]]]:
    """A workspace on the lake, with its figures where they were made before: address, password, and tokens."""
    with tempfile.TemporaryDirectory(prefix="joinedup-bench-") as place, socket.socket() as tried:
        folder = Path(place)
        folder.chmod(0o755)
        if figures is not None:
            (folder / "figures").symlink_to(figures.absolute(), target_is_directory=True)
        tried.bind(("127.0.0.1", 0))
        port = tried.getsockname()[1]
        tried.close()
        told = Environment(folder, lake, f"http://127.0.0.1:{port}", "", demo=True)
        with served(told, port=port) as workspace:
            while figures is None and not any(folder.glob("figures/*/cube.json")):
                time.sleep(1)  # made beside the server
            assert workspace.database is not None
            yield workspace.address, workspace.password, tokens(told, workspace.database.url("joinedup_app"))


def tokens(environment: Environment, database: str) -> list[str]:
    """A token for each of the people, as their page makes them: each has an allowance of its own."""
    told = replace(environment, database=database, secret_key="x" * 60).as_variables()
    made = subprocess.run(
        [sys.executable, "-c", TOKENS.replace("PEOPLE", str(PEOPLE))],
        env={**os.environ, **told, "DJANGO_SETTINGS_MODULE": "joinedup_web.config.settings"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return made.stdout.split()


def signed_in(address: str, password: str) -> requests.Session:
    """Somebody who has signed in as the demo's analyst."""
    session = requests.Session()
    page = session.get(f"{address}/account/login/", timeout=30).text
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, "the sign-in page has no form"
    told = {"csrfmiddlewaretoken": found[1], "login": "analyst@demo.invalid", "password": password}
    answer = session.post(f"{address}/account/login/", told, headers={"Referer": address}, timeout=30)
    assert answer.status_code == 200 and "/account/login/" not in answer.url, answer.url
    return session


def by_people(sessions: Iterable[requests.Session], addresses: tuple[str, ...], seconds: float) -> Asked:
    """People who read one page after the other, each beginning somewhere else."""
    asked, until = Asked(), time.monotonic() + seconds

    def read(start: int, session: requests.Session) -> None:
        time.sleep(start * THINKING / PEOPLE)
        for address in islice(cycle(addresses), start, None):
            if time.monotonic() > until:
                return
            asked.ask(session, address)
            time.sleep(THINKING)

    readers = [threading.Thread(target=read, args=pair) for pair in enumerate(sessions)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return asked


def at_a_rate(made: Callable[[], requests.Session], addresses: tuple[str, ...], seconds: float) -> Asked:
    """So many a second, whatever the server does."""
    asked, own = Asked(), threading.local()

    def ask(address: str, due: float) -> None:
        if not hasattr(own, "session"):
            own.session = made()
        asked.ask(own.session, address, due)

    with ThreadPoolExecutor(RATE) as pool:
        began = time.monotonic()
        for number, address in enumerate(islice(cycle(addresses), int(seconds * RATE))):
            due = began + number / RATE
            time.sleep(max(0.0, due - time.monotonic()))
            pool.submit(ask, address, due)
    return asked


def measured(address: str, password: str, secrets: list[str], seconds: float) -> dict[str, Asked]:
    """All that is asked, by name."""
    pages = tuple(address + page for page in PAGES)
    people = [signed_in(address, password) for _ in range(PEOPLE)]
    found = {"cold": Asked()}
    for page in pages:
        found["cold"].ask(people[0], page)
    found["explorer"] = by_people(people, pages, seconds)
    found["public"] = at_a_rate(requests.Session, (f"{address}/",), seconds)
    each = cycle(secrets)
    found["api"] = at_a_rate(lambda: _with(next(each)), tuple(address + read for read in READS), seconds)
    return found


def _with(token: str) -> requests.Session:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    return session


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lake", type=Path, default=Path("demo/lake"))
    parser.add_argument("--figures", type=Path, help="released figures made before, of the same lake")
    parser.add_argument("--seconds", type=float, default=300, help="of each way of asking (300)")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with serving(given.lake, given.figures) as (address, password, secrets):
        found = measured(address, password, secrets, given.seconds)
    told = {
        name: {"requests": len(one.seconds), "p95": round(one.p95, 3), "slowest": round(max(one.seconds), 3),
               "gate": GATES[name], "wrong": len(one.wrong)}
        for name, one in found.items()
    }  # fmt: skip
    if given.json:
        print(json.dumps(told))
    else:
        for name, one in told.items():
            late = "" if one["p95"] <= one["gate"] and not one["wrong"] else "  MISSED"
            print(f"{name:10}{one['requests']:>8,} asked  p95 {one['p95']:.3f} s (gate {one['gate']} s), "
                  f"slowest {one['slowest']:.3f} s, {one['wrong']} wrong{late}")  # fmt: skip
    for fault in sorted({line for one in found.values() for line in one.wrong})[:10]:
        print(fault, file=sys.stderr)
    return int(any(one["p95"] > one["gate"] or one["wrong"] for one in told.values()))


if __name__ == "__main__":
    sys.exit(main())
