"""What is a 房源录入单: one import, generation or correction of units, checked by the site manager (07 «楼栋 户型 房源»)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.audiences import ManagerPapers
from app.kernel.base import Document, Numbered, field, state_field
from app.kernel.columns import Area, Money
from app.kernel.states import Choice, State


class EntryKind(Choice):
    """How the units came in."""

    IMPORT = ("import", "导入")
    GENERATED = ("generated", "批量生成")
    CORRECTED = ("corrected", "修改")


class EntryState(State):
    """草稿 → 待核准 → 已核准 / 不同意."""

    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "待核准", "warn")
    APPROVED = ("approved", "已核准", "ok")
    REFUSED = ("refused", "不同意", "bad")


class UnitEntry(ManagerPapers, Numbered, Document):
    """房源录入单: its units may be released only after the site manager approved it. Sums are those of its units."""

    __tablename__ = "unit_entry"
    __label__ = "房源录入单"
    __number__ = "LR"

    kind: Mapped[EntryKind] = field("方式", EntryKind, nullable=False, auto=True)
    file_name: Mapped[str] = field("文件", String(200), nullable=False, default="", auto=True)
    file_digest: Mapped[str] = mapped_column(String(64), nullable=False, default="")
    units_count: Mapped[int] = field("套数", Integer, nullable=False, default=0, auto=True)
    building_area: Mapped[Decimal] = field(
        "建筑面积合计", Area, nullable=False, default=Decimal(0), unit="㎡", auto=True
    )
    inner_area: Mapped[Decimal] = field("套内面积合计", Area, nullable=False, default=Decimal(0), unit="㎡", auto=True)
    filed_total: Mapped[Decimal | None] = field("备案总价合计", Money, nullable=True, unit="元", auto=True)
    summary: Mapped[str] = field("内容", Text, nullable=False, default="", auto=True, long=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)
    state: Mapped[EntryState] = state_field(EntryState)
