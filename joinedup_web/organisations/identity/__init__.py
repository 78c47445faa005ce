"""Signing in through somebody else's identity service: care identity and workplace identity, by OpenID Connect."""
