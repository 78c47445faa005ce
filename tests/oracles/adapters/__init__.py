"""How each method of the reference programs is put to joinedup: one module for each family of methods."""

from __future__ import annotations

import importlib
import pkgutil

from tests.oracles.agreeing import Method


def all_methods() -> dict[str, Method]:
    """Every METHODS of the modules here."""
    found: dict[str, Method] = {}
    for module in pkgutil.iter_modules(__path__):
        found |= importlib.import_module(f"{__name__}.{module.name}").METHODS
    return found
