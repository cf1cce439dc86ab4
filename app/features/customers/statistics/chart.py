"""Lying bars as inline SVG: a word, a bar, the number printed beside it (look/tokens.md «Charts»)."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from app.kernel.words import shown

WIDTH, LINE = 480, 26
WORD, WIDEST = 90, 200  # room for the words before the bars: at least, at most
HAN, LATIN = 15, 8  # how wide a letter is drawn on a phone, where it is largest
_BAR = Markup(
    '<text x="{}" y="{}" text-anchor="end">{}</text><rect class="s1" x="{}" y="{}" width="{}" height="16" rx="2"/>'
    '<text class="val" x="{}" y="{}">{}</text>'
)
_CHART = Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>')


def bars(label: str, lines: Sequence[tuple[str, int, str]]) -> Markup:
    """(word, number, what is printed beside the bar) from top to bottom; the longest bar is the largest number.

    The words are put into the reader's language here: room is made for what is drawn.
    """
    lines = [(shown(word), number, told) for word, number, told in lines]
    most = max((number for _word, number, _told in lines), default=0) or 1
    before = min(max(WORD, *(_width(word) + 10 for word, _number, _told in lines)), WIDEST) if lines else WORD
    room = WIDTH - before - 110
    drawn = [
        _BAR.format(
            before - 8, place * LINE + 17, word, before, place * LINE + 5, max(number * room // most, 1 if number else 0),
            before + number * room // most + 6, place * LINE + 17, told,
        )
        for place, (word, number, told) in enumerate(lines)
    ]  # fmt: skip
    return _CHART.format(WIDTH, max(len(lines), 1) * LINE + 4, label, Markup("").join(drawn))


def _width(word: str) -> int:
    """About how wide a word is drawn."""
    return sum(LATIN if letter.isascii() else HAN for letter in word)
