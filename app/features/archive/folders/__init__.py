"""户档: one file per household, what it must hold and what is missing."""
