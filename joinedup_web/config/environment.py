"""What the workspace is told from outside, and what it refuses to start with."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SAMPLE_KEYS = frozenset({"change-me", "secret", "sample", "joinedup-sample-key", "django-insecure"})
SHORTEST_KEY = 50
LOCAL = ("http://127.0.0.1", "http://localhost")


@dataclass(frozen=True)
class Environment:
    """Everything that differs between one workspace and another.

    `folder` is the workspace's own (keys, released figures, the database where it is ours); `lake` what it shows.
    `database` is the address that requests use, `owner` the one that migrates; only preparation is told the second.
    """

    folder: Path
    lake: Path | None
    origin: str
    database: str
    owner: str = ""
    secret_key: str = ""
    production: bool = False
    debug: bool = False
    demo: bool = False

    @classmethod
    def read(cls, given: Mapping[str, str] | None = None) -> Environment:
        """The environment as variables say it."""
        found = os.environ if given is None else given
        lake = found.get("JOINEDUP_LAKE", "")
        return cls(
            folder=Path(found.get("JOINEDUP_WORKSPACE", "workspace")).absolute(),
            lake=Path(lake).absolute() if lake else None,
            origin=found.get("JOINEDUP_ORIGIN", "http://127.0.0.1:8000").rstrip("/"),
            database=found.get("DATABASE_URL", ""),
            owner=found.get("JOINEDUP_OWNER_URL", ""),
            secret_key=found.get("JOINEDUP_SECRET_KEY", ""),
            production=found.get("JOINEDUP_PRODUCTION", "") == "yes",
            debug=found.get("JOINEDUP_DEBUG", "") == "yes",
            demo=found.get("JOINEDUP_DEMO", "") == "yes",
        )

    def as_variables(self) -> dict[str, str]:
        """The variables from which `read` makes this environment again, for a process of our own."""
        return {
            "JOINEDUP_WORKSPACE": str(self.folder),
            "JOINEDUP_LAKE": str(self.lake or ""),
            "JOINEDUP_ORIGIN": self.origin,
            "DATABASE_URL": self.database,
            "JOINEDUP_SECRET_KEY": self.secret_key,
            "JOINEDUP_PRODUCTION": "yes" if self.production else "",
            "JOINEDUP_DEBUG": "yes" if self.debug else "",
            "JOINEDUP_DEMO": "yes" if self.demo else "",
        }

    def refusals(self, lake_purpose: str = "live") -> tuple[str, ...]:
        """Why this environment may not serve people; empty where it may. Only production refuses."""
        if not self.production:
            return ()
        wrong = {
            "DEBUG is on: it shows the inside of the program to whoever makes it fail.": self.debug,
            "The origin does not begin with https://: passwords would travel in the open.": not self.origin.startswith(
                "https://"
            ),
            f"The secret key is absent, a sample, or shorter than {SHORTEST_KEY} characters.": is_sample(
                self.secret_key
            ),
            "Demo accounts are on: their passwords are printed.": self.demo,
            "The lake was made with the key of a demo: anyone could work its pseudonyms out.": lake_purpose
            == "demo",
            "The owner of the tables is the role that serves.": bool(self.owner)
            and self.owner == self.database,
        }
        return tuple(reason for reason, holds in wrong.items() if holds)


def is_sample(key: str) -> bool:
    """Whether a key is one that others may know."""
    low = key.lower()
    return len(key) < SHORTEST_KEY or len(set(key)) < 10 or any(sample in low for sample in SAMPLE_KEYS)


def kept_secret(file: Path) -> str:
    """The secret in a file, made the first time; only the owner can read it."""
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as written:
            written.write(secrets.token_urlsafe(64))
    return file.read_text().strip()
