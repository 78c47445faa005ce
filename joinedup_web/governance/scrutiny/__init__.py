"""Scrutiny: a committee's tracker, row by row with its history, and the promises that were kept."""
