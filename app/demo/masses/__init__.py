"""Mass data: as many invented customers as asked for, for measuring; made by plain inserts, not through the flows."""

from app.demo.masses.load import load_customers

__all__ = ["load_customers"]
