"""分期 as a person types it: one line an instalment, «30% 0» = 30 % at signing, «40% 180» = 40 % after 180 days."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from app.features.pricing.rules.plan import Instalment
from app.kernel.chinese import fold
from app.kernel.errors import RuleError

_LINE = re.compile(r"(?P<share>[0-9]{1,3}(\.[0-9]{1,2})?) ?%?[ ,，]+(?P<days>[0-9]{1,4}) ?天?")
MOST = 24


def parse_instalments(text: str) -> list[Instalment]:
    """The instalments of a scheme. Raises RuleError (field instalments) naming the line, or when they are not 100 %."""
    found = []
    for number, line in enumerate(filter(str.strip, text.splitlines()), 1):
        match = _LINE.fullmatch(fold(line))
        if match is None:
            raise RuleError(
                "分期第 {n} 行「{line}」看不懂，请写成「比例% 签约后天数」，例如 30% 0",
                field="instalments", n=number, line=line.strip()[:20],
            )  # fmt: skip
        found.append(Instalment(Decimal(match["share"]) / 100, int(match["days"])))
    if len(found) > MOST:
        raise RuleError("分期最多 {n} 期", field="instalments", n=MOST)
    if not found or sum(step.share for step in found) != 1 or any(step.share <= 0 for step in found):
        raise RuleError("分期各期比例必须大于零，合计必须等于 100%。", field="instalments")
    days = [step.days for step in found]
    if days != sorted(days):
        raise RuleError("分期各期的天数应由近到远", field="instalments")
    return found


def instalments_text(steps: Iterable[Instalment]) -> str:
    """The form that parse_instalments reads."""
    return "\n".join(f"{(step.share * 100).normalize():f}% {step.days}" for step in steps)
