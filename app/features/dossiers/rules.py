"""When is a customer's file complete, and what of it changed: plain functions on values (S1.11.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

PROFILE = {
    "name": "姓名", "phones": "手机", "gender": "性别", "age_band": "年龄段", "home_area": "居住区域", "occupation": "职业",
    "family": "家庭结构", "source": "认知途径", "purpose": "购房用途", "wanted_layout": "意向户型", "wanted_area": "意向面积段",
    "wanted_total": "意向总价段", "concerns": "关注点",
}  # fmt: skip
OF_BUYERS = {"id_number": "证件号码", "mail_address": "送达地址"}


@dataclass(frozen=True)
class Papers:
    """What the household's folder says of its papers; nothing is asked for before there is one."""

    needed: int = 0
    present: int = 0
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Meter:
    """How complete a file is: facts of the customer and papers of the household together."""

    needed: int
    present: int
    missing: tuple[str, ...]

    @property
    def percent(self) -> int:
        """0–100, whole; 100 only when nothing is missing."""
        return 100 if self.needed == 0 else self.present * 100 // self.needed


def measure(known: Collection[str], bought: bool, papers: Papers = Papers()) -> Meter:
    """known: the facts of PROFILE and OF_BUYERS that the customer's record has. A buyer must have proved who he is."""
    wanted = PROFILE | (OF_BUYERS if bought else {})
    lacking = tuple(label for name, label in wanted.items() if name not in known)
    return Meter(len(wanted) + papers.needed, len(wanted) - len(lacking) + papers.present, lacking + papers.missing)


def changes(before: Mapping[str, Any], after: Mapping[str, Any], labels: Mapping[str, str]) -> list[str]:
    """Labels of what differs, in the order of `labels`."""
    return [label for name, label in labels.items() if before.get(name) != after.get(name)]


def due_on(deal_on: date, days: int) -> date:
    """Last day on which the file of a deal is in time (成交后 3 日)."""
    return deal_on + timedelta(days=days)


def late(deal_on: date, days: int, today: date) -> int:
    """Days after the due day, 0 when in time."""
    return max((today - due_on(deal_on, days)).days, 0)


def week_is_over(last: datetime | None, days: int, at: datetime) -> bool:
    """Whether a batch of intending customers is due again; the first one is due at once."""
    return last is None or at.date() - last.date() >= timedelta(days=days)


def joined(parts: Iterable[object]) -> str:
    """«三房、80–100 ㎡»: what is there, in one line."""
    return "、".join(str(part) for part in parts if part)
