"""A 计价项目 in the words of whoever reads the page: «房款», «车位 B1-023»; in English its label is translated, its name stays."""

from __future__ import annotations

from app.features.pricing.models import PricedLine
from app.kernel.words import shown


def line_words(line: PricedLine | None, name: str) -> str:
    """Empty for what belongs to the whole order; name is that of the line on its order, which may begin with the label."""
    if line is None:
        return ""
    return f"{shown(line.label)} {name.removeprefix(line.label).strip()}".strip()
