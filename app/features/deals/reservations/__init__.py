"""认购书: one customer takes one unit, from the lock to the signed contract (02 §2.2.2)."""
