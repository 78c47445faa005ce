"""joinedup: the open platform on which health and care organisations run the work they share.

    >>> import joinedup as ju
    >>> ju.Measure.load("reliable_recovery").id
    'M195'

Names are imported when first used, so that `import joinedup` stays under 0.3 s.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "Breakdown": "joinedup.definitions",
    "Measure": "joinedup.definitions",
    "Pathway": "joinedup.definitions",
    "Period": "joinedup.definitions",
    "Places": "joinedup.definitions",
    "ReturnSpec": "joinedup.definitions",
    "attribute_gap": "joinedup.equity",
    "build_journeys": "joinedup.journeys",
    "calculate": "joinedup.measures",
    "compare": "joinedup.measures",
    "create_lake": "joinedup.lake",
    "financial_years": "joinedup.definitions",
    "load_journeys": "joinedup.journeys",
    "load_returns": "joinedup.intake:load",
    "measure_cube": "joinedup.measures.asked_of_cube",
    "months": "joinedup.definitions",
    "open_lake": "joinedup.lake",
    "open_workspace": "joinedup.client",
    "read_published": "joinedup.returns",
    "read_submission": "joinedup.returns",
    "reconcile": "joinedup.returns",
    "release": "joinedup.disclosure",
    "validate": "joinedup.returns",
    "write_twin": "joinedup.twin",
}

__all__ = sorted(_HOME)  # noqa: PLE0605 - a list of names all the same
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'joinedup' has no attribute {name!r}")
    module, _, own_name = _HOME[name].partition(":")
    return getattr(import_module(module), own_name or name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
