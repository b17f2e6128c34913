"""Floor 2: an `Article` becomes a `Reading`. `pipeline.py` lists the steps in order."""
