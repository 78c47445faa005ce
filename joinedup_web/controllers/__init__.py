"""Data controllers: who answers for which records, on what basis, and what stands still when that changes."""
