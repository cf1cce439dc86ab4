"""What must hold for a rating, plain functions on values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.features.service.ratings.models import MOST, STARS
from app.kernel.errors import RuleError

WORDS = 300
LOW = 2  # stars: the supervisor hears of it


@dataclass(frozen=True)
class Given:
    """What a visitor sent."""

    stars: dict[str, int]
    words: str
    key: str

    @property
    def low(self) -> bool:
        return min(self.stars.values()) <= LOW


def given_of(form: Mapping[str, str]) -> Given:
    """The stars and words of the form. Raises RuleError in plain words for a missing or impossible one."""
    stars = {name: form.get(name, "") for name in STARS}
    if any(text not in {str(n) for n in range(1, MOST + 1)} for text in stars.values()):
        raise RuleError("请给三项都打上星")
    words = form.get("words", "").replace("\x00", "").strip()
    if len(words) > WORDS:
        raise RuleError("留言最多 {n} 个字", n=WORDS)
    key = form.get("key", "")
    if re.fullmatch(r"[0-9a-f]{32}", key) is None:
        raise RuleError("页面已过期，请刷新后再提交")
    return Given({name: int(text) for name, text in stars.items()}, words, key)
