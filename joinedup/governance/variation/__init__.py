"""Proposals to change a health service substantially: what happened, and which steps are done, due, late or open."""
