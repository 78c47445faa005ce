"""Organisations, places, people and their roles; what each role may do; who changed what."""
