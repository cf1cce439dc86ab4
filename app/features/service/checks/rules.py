"""The marks of a check, plain functions on values."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel.errors import RuleError

MOST = 100


def score_of(marks: Sequence[tuple[int, int]]) -> int:
    """Whole per cent of the full marks, rounded half up. marks: (given, full). Raises RuleError naming the row."""
    for place, (mark, full) in enumerate(marks):
        if not 1 <= full <= MOST:
            raise RuleError("满分应为 1—{most}", field=f"line-{place}-full_mark", most=MOST)
        if not 0 <= mark <= full:
            raise RuleError("得分应为 0—{full}", field=f"line-{place}-mark", full=full)
    whole = sum(full for _mark, full in marks)
    return (sum(mark for mark, _full in marks) * 200 + whole) // (2 * whole) if whole else 0
