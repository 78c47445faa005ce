"""Emergency access: to see what belongs to another place, at once, for a stated reason and a few hours."""
