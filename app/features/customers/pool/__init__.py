"""公海: customers whom nobody followed in time; consultants take them, supervisors give them out (02 §2.5.2)."""
