"""销控表: the unit board, its live cells and the drawer of one unit."""
