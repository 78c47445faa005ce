"""What holds the workspace together: its settings, addresses, database and server."""
