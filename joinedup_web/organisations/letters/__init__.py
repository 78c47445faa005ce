"""Letters: e-mail that must be sent, kept with the change it tells of, sent after it, and tried again."""
