"""接待点, 排班, the queue of a day, its log, and the 公示 of old customers whom nobody had registered (02 §2.5.1)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, DateTime, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.customers.rotation.choices import Channel, PostingState, Visitor, Why
from app.kernel.audiences import AgencyPapers
from app.kernel.base import Document, Record, field, now, state_field
from app.kernel.constraints import sentence
from app.kernel.schema import append_only

append_only("rotation_turn", "轮接记录只能追加，不能修改或删除；登记错了请用「撤回」")
sentence("uq_reception_place_name", "已有同名的接待点")
sentence("uq_rota_entry_person", "这位顾问当天在这个接待点已经排班")


def today() -> date:
    """Day of the site clock."""
    return now().date()


class ReceptionPlace(AgencyPapers, Document):
    """接待点: a place of the project that receives customers, with queues of its own (案场, 城市展厅, 外展点)."""

    __tablename__ = "reception_place"
    __label__ = "接待点"
    __title__ = "name"
    __table_args__ = (UniqueConstraint("project_id", "name", name="uq_reception_place_name"),)

    name: Mapped[str] = field("名称", String(32), nullable=False, choices=("案场", "城市展厅", "上海展厅", "外展点"))
    position: Mapped[int] = field("顺序", Integer, nullable=False, default=1, hint="小的在前")
    active: Mapped[bool] = field("在用", Boolean, nullable=False, default=True)
    screen: Mapped[int] = mapped_column(
        Integer, nullable=False, default=1
    )  # counts up: older addresses of the big screen end


class RotaEntry(AgencyPapers, Document):
    """排班: who receives customers at a place on a day, in which position (1 = A)."""

    __tablename__ = "rota_entry"
    __label__ = "排班"
    __title__ = "title"
    __table_args__ = (
        UniqueConstraint("day", "place_id", "person_id", name="uq_rota_entry_person"),
        CheckConstraint("visits OR calls", name="some_queue"),
    )

    day: Mapped[date] = field("日期", Date, nullable=False, default=today, index=True)
    place_id: Mapped[int] = field("接待点", ForeignKey("reception_place.id"), nullable=False, index=True)
    person_id: Mapped[int] = field("顾问", Integer, nullable=False, lookup="person", index=True)
    position: Mapped[int] = field("轮位", Integer, nullable=False, default=1, hint="1 即 A 位，2 即 B 位")
    visits: Mapped[bool] = field("接来访", Boolean, nullable=False, default=True)
    calls: Mapped[bool] = field("接来电", Boolean, nullable=False, default=True)

    place: Mapped[ReceptionPlace] = relationship()

    @property
    def title(self) -> str:
        """«11-24 案场 2 位»"""
        return f"{self.day:%m-%d} {self.place.name} {self.position} 位"


class RotationQueue(AgencyPapers, Record):
    """The line of one place, day and channel as it stands; the log tells how it came about."""

    __tablename__ = "rotation_queue"
    __label__ = "轮接队列"
    __unaudited__ = True  # every change is a line of rotation_turn
    __table_args__ = (UniqueConstraint("place_id", "day", "channel", name="uq_rotation_queue_day"),)

    place_id: Mapped[int] = mapped_column(ForeignKey("reception_place.id"), nullable=False)
    day: Mapped[date] = mapped_column(Date, nullable=False)
    channel: Mapped[Channel] = field("队列", Channel, nullable=False)
    acts: Mapped[int] = mapped_column(
        Integer, nullable=False, default=0
    )  # how many acts the log has; the screen's version
    members: Mapped[list[Any]] = mapped_column(JSON, nullable=False, default=list)
    owed: Mapped[list[int]] = mapped_column(JSON, nullable=False, default=list)


class RotationTurn(AgencyPapers, Record):
    """轮接记录: one line of the log — who was given a visitor or passed over, by which rule. Append-only."""

    __tablename__ = "rotation_turn"
    __label__ = "轮接记录"
    __unaudited__ = True  # it is a log itself

    at: Mapped[datetime] = field("时间", DateTime, nullable=False, auto=True)
    day: Mapped[date] = field("日期", Date, nullable=False, auto=True, index=True)
    place_id: Mapped[int] = field("接待点", ForeignKey("reception_place.id"), nullable=False, auto=True)
    queue_id: Mapped[int] = mapped_column(ForeignKey("rotation_queue.id"), nullable=False, index=True)
    channel: Mapped[Channel] = field("队列", Channel, nullable=False, auto=True)
    act: Mapped[int] = mapped_column(Integer, nullable=False)  # lines of one act share its number in the queue
    why: Mapped[Why] = field("规则", Why, nullable=False, auto=True)
    visitor: Mapped[Visitor | None] = field("来客", Visitor, auto=True)
    person_id: Mapped[int | None] = field("顾问", Integer, auto=True, lookup="person")
    used: Mapped[bool] = field("占轮次", Boolean, nullable=False, default=False, auto=True)
    words: Mapped[str] = field("说明", String(300), nullable=False, auto=True)
    reason: Mapped[str] = field("原因", String(200), nullable=False, default="", auto=True)
    by_id: Mapped[int] = field("操作人", Integer, nullable=False, auto=True, lookup="person")
    undoes: Mapped[int | None] = mapped_column(Integer)  # the act that this line takes back
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # the line before the act, for taking it back

    place: Mapped[ReceptionPlace] = relationship()

    @property
    def label(self) -> str:
        """«来访 12», the 轮次 of the visit that it led to."""
        return f"{self.channel.label} {self.act}"

    def __str__(self) -> str:
        return f"{self.at:%m-%d %H:%M} {self.label} {self.why.label}"


class RotationPosting(AgencyPapers, Document):
    """老客户公示: somebody who says he was here before and stands in no list. Colleagues may claim him for some days."""

    __tablename__ = "rotation_posting"
    __label__ = "老客户公示"
    __title__ = "title"
    __personal__ = frozenset({"called", "title"})
    __labels__: ClassVar[dict[str, str]] = {}

    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), nullable=False, index=True)
    turn_id: Mapped[int] = field("轮接记录", ForeignKey("rotation_turn.id"), nullable=False, auto=True, index=True)
    called: Mapped[str] = field("客户", String(64), nullable=False, auto=True, hint="只写姓")
    phone: Mapped[str] = field("手机", String(24), nullable=False, auto=True)  # masked: enough for whoever knows him
    came_at: Mapped[datetime] = field("来访时间", DateTime, nullable=False, auto=True)
    receiver_id: Mapped[int] = field("接待人", Integer, nullable=False, auto=True, lookup="person")
    until: Mapped[datetime] = field("公示到", DateTime, nullable=False, auto=True, index=True)
    claimant_id: Mapped[int | None] = field("主张人", Integer, auto=True, lookup="person")
    evidence: Mapped[str | None] = field("主张依据", String(500), auto=True, long=True)
    state: Mapped[PostingState] = state_field(PostingState)

    turn: Mapped[RotationTurn] = relationship()

    @property
    def title(self) -> str:
        """«11-24 王* 138****8888»"""
        return f"{self.came_at:%m-%d} {self.called} {self.phone}"
