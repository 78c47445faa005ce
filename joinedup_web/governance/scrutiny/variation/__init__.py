"""Proposals to change a health service substantially, from the first word to the commitments that are delivered."""
