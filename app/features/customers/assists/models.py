"""What is a 难单协助单: whose sale is stuck, on what, who is asked to come until when, what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, relationship

from app.kernel.audiences import CustomerPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.constraints import sentence
from app.kernel.states import Choice, State

ONE_OPEN = "uq_assist_request_open"
sentence(ONE_OPEN, "这位客户已有一张未办完的难单协助单，请先填写结果")


class AssistState(State):
    ASKED = ("asked", "待主管到场", "warn")
    JOINED = ("joined", "协助中", "info")
    DONE = ("done", "已有结果", "ok")
    CANCELLED = ("cancelled", "已取消", "mute")


class Difficulty(Choice):
    """What the sale is stuck on."""

    PRICE = ("price", "价格优惠")
    RIVAL = ("rival", "竞品对比")
    FAMILY = ("family", "家人意见不一")
    LOAN = ("loan", "首付贷款资格")
    PRODUCT = ("product", "户型楼层")
    TERMS = ("terms", "合同条款")
    TRUST = ("trust", "交付与质量顾虑")
    OTHER = ("other", "其他")


class AssistPlace(Choice):
    """Where the customer sits."""

    TABLE = ("table", "洽谈区")
    SHOW_FLAT = ("show_flat", "样板房")
    VIP = ("vip", "贵宾室")
    PHONE = ("phone", "电话")


class AssistOutcome(Choice):
    """What came of it."""

    RESERVED = ("reserved", "当场认购", "ok")
    BOOKED = ("booked", "当场小订", "ok")
    APPOINTED = ("appointed", "约定再谈", "info")
    FOLLOWED = ("followed", "继续跟进", "warn")
    FAILED = ("failed", "未能促成", "bad")


class AssistRequest(Numbered, CustomerPapers, Document):
    """难单协助单. due_at counts business minutes of the site; waited_minutes is what the customer really waited within them."""

    __tablename__ = "assist_request"
    __label__ = "难单协助单"
    __number__ = "XZ"
    __table_args__ = (one_live_row("customer_id", alive="state IN ('asked', 'joined')", name=ONE_OPEN),)

    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, index=True)
    unit_id: Mapped[int | None] = field("意向房源", ForeignKey("unit.id"), index=True)
    difficulty: Mapped[Difficulty] = field("难在哪里", Difficulty, nullable=False)
    place: Mapped[AssistPlace] = field("地点", AssistPlace, nullable=False, default=AssistPlace.TABLE)
    question: Mapped[str] = field(
        "情况和要主管做什么",
        String(500),
        nullable=False,
        long=True,
        hint="客户卡在哪一点、已经怎么答过、希望主管说什么",
    )
    asked_at: Mapped[datetime | None] = field("提出时间", DateTime, auto=True)
    due_at: Mapped[datetime | None] = field("应到场", DateTime, auto=True, index=True)
    escalated_at: Mapped[datetime | None] = field("提醒经理", DateTime, auto=True)
    helper_id: Mapped[int | None] = field("协助人", Integer, auto=True, lookup="person")
    joined_at: Mapped[datetime | None] = field("到场时间", DateTime, auto=True)
    waited_minutes: Mapped[int | None] = field("等候", Integer, auto=True, unit="分钟")
    outcome: Mapped[AssistOutcome | None] = field("结果", AssistOutcome, auto=True)
    result: Mapped[str] = field("结果说明", String(500), nullable=False, default="", auto=True, wide=True)
    closed_at: Mapped[datetime | None] = field("完成时间", DateTime, auto=True)
    state: Mapped[AssistState] = state_field(AssistState)

    customer: Mapped[Any] = relationship("Customer")
    unit: Mapped[Any] = relationship("Unit")
