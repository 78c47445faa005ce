"""Words that stand in results where there is no name: the same as in published figures."""

from __future__ import annotations

EVERYONE, ALL = "total", "All"
"""Breakdown and group of everyone together."""
