"""Packs made at a press of a button: a month for a board, chief executives, a workstream, members or scrutiny."""
