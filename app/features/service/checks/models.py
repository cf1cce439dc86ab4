"""What is a 服务检查表: whom or what it looks at, its items with full and given marks."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.service.people import CHECKERS
from app.kernel.audiences import CustomerPapers
from app.kernel.base import Document, Numbered, Record, field, now, state_field
from app.kernel.posts import Post
from app.kernel.states import Choice, State

ITEMS = (
    "仪容仪表",
    "接待礼仪",
    "讲解说辞",
    "客户登记",
    "跟进记录",
    "接听电话",
    "样板间",
    "洽谈区卫生",
    "资料摆放",
)  # of the house: the default of the parameter service_check_items, with English


class SheetState(State):
    DRAFT = ("draft", "草稿", "mute")
    ISSUED = ("issued", "已下发", "info")
    CONFIRMED = ("confirmed", "已确认", "ok")
    VOID = ("void", "作废", "mute")


class CheckTurn(Choice):
    """How often this check is made."""

    DAILY = ("daily", "日检")
    WEEKLY = ("weekly", "周检")
    SPOT = ("spot", "抽查")


class ServiceCheck(Numbered, CustomerPapers, Document):
    """服务检查表. owner_id is whom it looks at, from the moment when it is issued; the whole site without one."""

    __tablename__ = "service_check"
    __label__ = "服务检查表"
    __number__ = "JC"
    __labels__: ClassVar[dict[str, str]] = {"owner_id": "被检查人"}
    __file_writers__: ClassVar[frozenset[Post]] = CHECKERS

    turn: Mapped[CheckTurn] = field("检查类型", CheckTurn, nullable=False, default=CheckTurn.DAILY)
    checked_on: Mapped[date] = field("检查日期", Date, nullable=False, default=lambda: now().date())
    person_id: Mapped[int | None] = field("检查对象", Integer, lookup="person", hint="检查整个现场时不选")
    score: Mapped[int | None] = field("得分率", Integer, auto=True, unit="%")
    findings: Mapped[str] = field("总评", String(500), nullable=False, default="", long=True)
    state: Mapped[SheetState] = state_field(SheetState)
    lines: Mapped[list[ServiceCheckLine]] = relationship(
        cascade="all, delete-orphan", order_by="ServiceCheckLine.id", back_populates="sheet"
    )


class ServiceCheckLine(CustomerPapers, Record):
    """One item of the sheet."""

    __tablename__ = "service_check_line"
    __label__ = "检查项"
    __table_args__ = (CheckConstraint("mark BETWEEN 0 AND full_mark", name="mark"),)

    check_id: Mapped[int] = mapped_column(ForeignKey("service_check.id"), nullable=False, index=True)
    item: Mapped[str] = field("检查项", String(64), nullable=False, choices=ITEMS)
    full_mark: Mapped[int] = field("满分", Integer, nullable=False)
    mark: Mapped[int] = field("得分", Integer, nullable=False)
    remark: Mapped[str] = field("情况", String(200), nullable=False, default="")

    sheet: Mapped[ServiceCheck] = relationship(back_populates="lines")
