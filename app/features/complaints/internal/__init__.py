"""内部投诉: what staff complain about one another, settled by the supervisor or decided by the project manager (S1.5.2)."""
