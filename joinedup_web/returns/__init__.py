"""The returns desk: what trusts send, checked, worked through, loaded, replaced and withdrawn."""
