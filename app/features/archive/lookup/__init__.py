"""查资料: one box over everything on file."""
