"""Migrations that move data, tried on rows of the time before."""
