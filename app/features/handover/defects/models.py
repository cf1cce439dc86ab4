"""What is a 交楼问题: place, kind, severity, whose it is, its day, the re-inspection. Photos are its attachments."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, relationship

from app.features.handover.household import OfHousehold
from app.kernel.audiences import AftercarePapers
from app.kernel.base import Document, Numbered, field, now, state_field
from app.kernel.posts import Post
from app.kernel.states import Choice, State

SERVICE = frozenset({Post.DEVELOPER_SERVICE})


class DefectState(State):
    OPEN = ("open", "待派单", "warn")
    ASSIGNED = ("assigned", "整改中", "info")
    FIXED = ("fixed", "待复验", "plum")
    PASSED = ("passed", "复验通过", "ok")
    DROPPED = ("dropped", "不属质量问题", "mute")


class DefectKind(Choice):
    LEAK = ("leak", "渗漏")
    HOLLOW = ("hollow", "空鼓")
    DOORS = ("doors", "门窗")
    WATER_POWER = ("water_power", "水电")
    AREA = ("area", "面积")
    COMMON = ("common", "公区")
    OTHER = ("other", "其他")


class Severity(Choice):
    """A severe one is a reason to refuse the flat (02 §2.5.7)."""

    MINOR = ("minor", "轻微", "mute")
    COMMON = ("common", "一般", "warn")
    SEVERE = ("severe", "严重", "bad")


class HandoverDefect(OfHousehold, Numbered, AftercarePapers, Document):
    """交楼问题 of one 交楼单."""

    __tablename__ = "handover_defect"
    __label__ = "交楼问题"
    __number__ = "WT"
    __personal__ = frozenset({"buyers"})
    __file_writers__ = SERVICE | {Post.DEVELOPER_SITE}

    handover_id: Mapped[int] = field("交楼单", ForeignKey("handover.id"), nullable=False, index=True)
    place: Mapped[str] = field(
        "部位",
        String(64),
        nullable=False,
        choices=("客厅", "主卧", "次卧", "厨房", "卫生间", "阳台", "入户门", "公共走道"),
    )
    kind: Mapped[DefectKind] = field("分类", DefectKind, nullable=False)
    severity: Mapped[Severity] = field("严重度", Severity, nullable=False, default=Severity.COMMON)
    description: Mapped[str] = field("问题", String(500), nullable=False, long=True)
    found_on: Mapped[date] = field("发现日期", Date, nullable=False, default=lambda: now().date())
    contractor: Mapped[str] = field("责任单位", String(64), nullable=False, default="")
    due_on: Mapped[date | None] = field("要求完成日", Date, index=True, hint="不填按严重度计算")
    fixed_on: Mapped[date | None] = field("整改日", Date, auto=True)
    checked_on: Mapped[date | None] = field("复验日", Date, auto=True)
    conclusion: Mapped[str] = field("复验结论", String(300), nullable=False, default="", auto=True, wide=True)
    returns: Mapped[int] = field("返工次数", Integer, nullable=False, default=0, auto=True, unit="次")
    state: Mapped[DefectState] = state_field(DefectState)

    handover: Mapped[Any] = relationship("Handover")

    def __str__(self) -> str:
        return f"{self.number or self.__label__} {self.place or ''}".strip()


WAITING = (DefectState.OPEN, DefectState.ASSIGNED, DefectState.FIXED)
