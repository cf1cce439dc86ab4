"""Figures of 04 §0: our work beside a floor or a peer, on the same rows, in one run."""
