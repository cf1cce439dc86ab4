"""What must hold for a rating, plain functions on values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.features.service.ratings.models import MOST, PARTS, STARS
from app.kernel.errors import RuleError

WORDS = 300
LOW = 2  # stars: the supervisor hears of it


@dataclass(frozen=True)
class Given:
    """What a visitor sent; None: a part that he did not rate on its own."""

    stars: dict[str, int | None]
    words: str
    key: str

    @property
    def low(self) -> bool:
        return min(star for star in self.stars.values() if star is not None) <= LOW


def given_of(form: Mapping[str, str]) -> Given:
    """The stars and words of the form; parts may be missing. Raises RuleError in plain words for what is impossible."""
    stars = {name: form.get(name, "") for name in STARS}
    known = {str(n) for n in range(1, MOST + 1)}
    if stars["overall"] not in known:
        raise RuleError("请先点亮上面的星星，再提交")
    if any(stars[part] and stars[part] not in known for part in PARTS):
        raise RuleError("分项的星星请重新点一次，不想打的可以不打")
    words = form.get("words", "").replace("\x00", "").strip()
    if len(words) > WORDS:
        raise RuleError("留言最多 {n} 个字", n=WORDS)
    key = form.get("key", "")
    if re.fullmatch(r"[0-9a-f]{32}", key) is None:
        raise RuleError("页面已过期，请刷新后再提交")
    return Given({name: int(text) if text else None for name, text in stars.items()}, words, key)
