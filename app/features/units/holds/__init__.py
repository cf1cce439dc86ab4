"""保留单: a unit is kept for somebody until an hour."""
