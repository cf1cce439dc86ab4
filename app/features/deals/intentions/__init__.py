"""认筹单: a place in the queue before the opening, with one to three wished units (02 §2.2.2, §2.5.10)."""
