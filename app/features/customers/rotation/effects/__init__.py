"""What follows when somebody comes, goes, is given a visitor. Other rooms use these names."""

from app.features.customers.rotation.effects.postings import post_unregistered
from app.features.customers.rotation.effects.queues import duty_list, line_now
from app.features.customers.rotation.effects.turns import assign, forfeit, set_presence, take_back

__all__ = ["assign", "duty_list", "forfeit", "line_now", "post_unregistered", "set_presence", "take_back"]
