"""Governance: boards and their meetings, scrutiny and its recommendations; each an app of its own."""
