"""资料: the papers of a household, each with its 档号, its place and its way."""
