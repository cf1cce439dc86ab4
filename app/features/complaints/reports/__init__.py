"""投诉月报: how many, how heavy, about what, in time or not, how satisfied — and what was done about it (02 §2.5.6)."""
