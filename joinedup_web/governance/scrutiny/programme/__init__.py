"""Work programmes of committees: topics suggested, scored, taken to a meeting, carried forward."""
