"""Stock arithmetic on plain numbers: whole units, nothing below zero (issue 4 point 6)."""

from __future__ import annotations


def runs_low(stock: int, minimum: int) -> bool:
    """低于安全量: less than the minimum lies there; a minimum of 0 asks for nothing."""
    return stock < minimum


def runs_out_soon(stock: int, minimum: int, percent: int) -> bool:
    """即将用完: not yet below the minimum, but at most `percent` % of it (150: one and a half times the minimum)."""
    return minimum > 0 and not runs_low(stock, minimum) and stock * 100 <= minimum * percent


def to_buy(stock: int, minimum: int, percent: int) -> int:
    """How many to buy so that `percent` % of the minimum lies there, rounded up; 0 when stock is not below the minimum."""
    if not runs_low(stock, minimum):
        return 0
    return max(-(-minimum * percent // 100) - stock, 0)
