"""Frameworks in the workspace: partners score apart, a moderator agrees, each party signs, results are compared."""
