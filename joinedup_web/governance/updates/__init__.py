"""Updates: what is public, told to whoever asks: by e-mail once a week, by RSS, by calendar; without an account."""
