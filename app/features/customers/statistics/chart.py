"""Lying bars as inline SVG: a word, a bar, the number printed beside it (look/tokens.md «Charts»)."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, LINE, WORD = 480, 26, 120
_BAR = Markup(
    '<text x="{}" y="{}" text-anchor="end">{}</text><rect class="s1" x="{}" y="{}" width="{}" height="16" rx="2"/>'
    '<text class="val" x="{}" y="{}">{}</text>'
)
_CHART = Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>')


def bars(label: str, lines: Sequence[tuple[str, int, str]]) -> Markup:
    """(word, number, what is printed beside the bar) from top to bottom; the longest bar is the largest number."""
    most = max((number for _word, number, _told in lines), default=0) or 1
    room = WIDTH - WORD - 110
    drawn = [
        _BAR.format(
            WORD - 8, place * LINE + 17, word, WORD, place * LINE + 5, max(number * room // most, 1 if number else 0),
            WORD + number * room // most + 6, place * LINE + 17, told,
        )
        for place, (word, number, told) in enumerate(lines)
    ]  # fmt: skip
    return _CHART.format(WIDTH, max(len(lines), 1) * LINE + 4, label, Markup("").join(drawn))
