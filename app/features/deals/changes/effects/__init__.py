"""What a 变更申请 needs and what follows when it moves: one file a kind of change, steps.py what they share (02 §2.2.3)."""

from app.features.deals.changes.effects.filling import fill_from_order
from app.features.deals.changes.effects.steps import running_change

__all__ = ["fill_from_order", "running_change"]
