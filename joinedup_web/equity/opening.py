"""Which released figures a page reads: the newest state that is whole, or the one its address names."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from joinedup_web.equity.figures import ABOUT, Figures


def folder() -> Path:
    """Where prepared states lie."""
    return Path(settings.ENVIRONMENT.folder) / "figures"


def states() -> tuple[int, ...]:
    """Numbers of the states that are whole, the newest first."""
    if not folder().is_dir():
        return ()
    return tuple(
        sorted(
            (int(p.name) for p in folder().iterdir() if p.name.isdigit() and (p / ABOUT).is_file()),
            reverse=True,
        )
    )


def current_figures(state: str = "") -> Figures | None:
    """The state asked for where it is kept, the newest where none is asked for; None where there is none."""
    kept = states()
    if not kept or (state and (not state.isdecimal() or int(state) not in kept)):
        return None
    return _open(folder() / str(int(state) if state else kept[0]))


@lru_cache(maxsize=4)
def _open(path: Path) -> Figures:
    return Figures.open(path)
