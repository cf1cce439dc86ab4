"""Which serials are missing, plain functions on values."""

from __future__ import annotations

from collections.abc import Iterable


def gaps(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Runs of numbers that are missing between the lowest and the highest: (first, last) of each."""
    found, before = [], None
    for number in sorted(set(numbers)):
        if before is not None and number > before + 1:
            found.append((before + 1, number - 1))
        before = number
    return found


def gap_words(missing: Iterable[tuple[int, int]]) -> str:
    """«7、12—15»"""
    return "、".join(str(a) if a == b else f"{a}—{b}" for a, b in missing)
