"""Improvement: from a strategy to what is done about it, each judged by a measure; and claims that are checked."""
