"""The workspace: who is using joinedup, and what they decided. Django on PostgreSQL; it computes nothing itself."""
