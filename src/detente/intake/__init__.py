"""Floor 1: bytes become an `Article`."""
