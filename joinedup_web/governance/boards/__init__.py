"""Bodies of a collaborative and their meetings: seats, agenda, quorum, decisions, actions, escalations."""
