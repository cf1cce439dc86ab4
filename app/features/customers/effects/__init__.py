"""What follows when customers come, are called, change hands. Other rooms use these names."""

from app.features.customers.effects.arrival import Arrival, NewCustomer, register, without_phone
from app.features.customers.effects.phones import find_by_phone, is_known, number_digest, part_digest, tail_digest
from app.features.customers.effects.progress import advance

__all__ = [
    "Arrival", "NewCustomer", "advance", "find_by_phone", "is_known", "number_digest", "part_digest",
    "register", "tail_digest", "without_phone",
]  # fmt: skip
