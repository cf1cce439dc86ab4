"""Measurements against a floor or a peer (04 §0): each prints its figures, none is a test. Run by ./anchang bench NAME."""
