"""A workspace elsewhere, asked through its API: the figures that its pages show, as tables."""

from __future__ import annotations

from joinedup.client.tables import WorkspaceTable
from joinedup.client.workspace import GapFound, NumberFound, Workspace, open_workspace

__all__ = ["GapFound", "NumberFound", "Workspace", "WorkspaceTable", "open_workspace"]
