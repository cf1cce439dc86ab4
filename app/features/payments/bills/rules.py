"""Serials of bills, plain functions on values: how one is written, which are missing or skipped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def serial_text(prefix: str, number: int, digits: int) -> str:
    """«A00000017»."""
    return f"{prefix}{number:0{digits}}"


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as ranges (first, last), ascending."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def skipped(bills: Sequence[tuple[int, bool]]) -> list[tuple[int, int]]:
    """断号: serials that are not used though a later one of the book is. bills: (number, used)."""
    last = max((number for number, used in bills if used), default=None)
    return [] if last is None else runs(number for number, used in bills if not used and number < last)


def missing(first: int, last: int, numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Serials of a book that have no bill at all."""
    return runs(set(range(first, last + 1)) - set(numbers))
