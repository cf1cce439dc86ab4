"""Bars of twelve months beside their budget, as inline SVG drawn by the server (look/tokens.md «Charts»)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

WIDTH, HEIGHT, FOOT, TOP = 480, 150, 22, 18
_BAR = Markup('<rect class="{}" x="{}" width="{}" y="{}" height="{}" rx="2"/>')
_TEXT = Markup('<text class="{}" x="{}" y="{}" text-anchor="middle">{}</text>')
_CHART = Markup(
    '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}<line class="axis" x1="0" x2="{}" y1="{}" y2="{}"/></svg>'
)


def bars(label: str, months: Sequence[tuple[str, Decimal, Decimal]]) -> Markup:
    """(word under the bar, spent, budget) for each month; the budget is the wide pale bar behind."""
    highest = max((max(spent, budget) for _word, spent, budget in months), default=Decimal(0)) or Decimal(1)
    step = WIDTH // max(len(months), 1)
    base = HEIGHT - FOOT
    drawn: list[Markup] = []
    for place, (word, spent, budget) in enumerate(months):
        left, middle = place * step, place * step + step // 2
        if budget:
            tall = int(budget * (base - TOP) / highest)
            drawn.append(_BAR.format("s2", left + 4, step - 8, base - tall, tall))
        tall = int(spent * (base - TOP) / highest)
        if spent:
            drawn.append(_BAR.format("s1", left + 9, max(step - 18, 6), base - tall, tall))
            drawn.append(_TEXT.format("val", middle, base - tall - 4, f"{spent:,.0f}"))
        drawn.append(_TEXT.format("", middle, HEIGHT - 6, word))
    return _CHART.format(WIDTH, HEIGHT, label, Markup("").join(drawn), WIDTH, base, base)
