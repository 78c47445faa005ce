"""Packs and papers: a month for a board, chief executives, a workstream, members or scrutiny, in formats to edit."""

from __future__ import annotations

from joinedup.reports.packs.content import Comment, Pack, Page
from joinedup.reports.packs.making import make_pack
from joinedup.reports.packs.notes import Note, notes_of, read_notes
from joinedup.reports.packs.writing import write_pack

__all__ = ["Comment", "Note", "Pack", "Page", "make_pack", "notes_of", "read_notes", "write_pack"]
