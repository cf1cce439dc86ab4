"""How many customers are divided, on plain values (02 §2.5.2: re-assigned by the supervisor)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.kernel.errors import RuleError


def divided(customers: Sequence[int], weights: Mapping[int, int]) -> dict[int, list[int]]:
    """Customers in their order dealt out by weight, each time to whoever lags furthest behind his part; ties go to the first
    named. Every receiver ends within one customer of his part. Raises RuleError without a weight above 0."""
    whole = sum(weights.values())
    if not weights or whole <= 0 or min(weights.values()) < 0:
        raise RuleError("请至少填写一位接手人的份数", field="lines")
    found: dict[int, list[int]] = {person: [] for person in weights}
    for number, customer in enumerate(customers, 1):
        behind = max(weights, key=lambda person: weights[person] * number / whole - len(found[person]))
        found[behind].append(customer)
    return found
