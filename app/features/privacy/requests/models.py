"""What is a 个人信息请求: who asks what, how he proved who he is, until when he is answered (02 §2.5.11)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, relationship

from app.kernel.audiences import CustomerPapers
from app.kernel.base import Document, Numbered, field, state_field
from app.kernel.posts import Post
from app.kernel.states import Choice, State

MAKERS = frozenset({Post.CONSULTANT, Post.ASSISTANT, Post.SUPERVISOR, Post.CLERK})
HANDLERS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.SALES_ADMIN})
ERASERS = frozenset({Post.SALES_ADMIN})


class RequestKind(Choice):
    """What the law lets a person ask for."""

    ACCESS = ("access", "查阅")
    COPY = ("copy", "复制")
    CORRECT = ("correct", "更正、补充")
    ERASE = ("erase", "删除")
    WITHDRAW = ("withdraw", "撤回同意")


class AskedBy(Choice):
    """Who asks."""

    HIMSELF = ("himself", "本人")
    AGENT = ("agent", "受托人")
    GUARDIAN = ("guardian", "监护人")
    NEAR = ("near", "已故客户的近亲属")


class AskedHow(Choice):
    """By which way it came."""

    SITE = ("site", "现场")
    PHONE = ("phone", "电话")
    LETTER = ("letter", "书面")
    MAIL = ("mail", "邮件")


class RequestState(State):
    REGISTERED = ("registered", "已登记", "info")
    VERIFIED = ("verified", "已核实身份", "cyan")
    ANSWERED = ("answered", "已办理答复", "ok")
    REFUSED = ("refused", "不予办理", "warn")
    VOID = ("void", "作废", "mute")


class PersonRequest(Numbered, CustomerPapers, Document):
    """个人信息请求."""

    __tablename__ = "person_request"
    __label__ = "个人信息请求"
    __number__ = "GR"

    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, index=True)
    kind: Mapped[RequestKind] = field("请求", RequestKind, nullable=False)
    asked_by: Mapped[AskedBy] = field("提出人", AskedBy, nullable=False, default=AskedBy.HIMSELF)
    asked_how: Mapped[AskedHow] = field("提出方式", AskedHow, nullable=False, default=AskedHow.SITE)
    asked_on: Mapped[date] = field("收到日期", Date, nullable=False)
    content: Mapped[str] = field("请求内容", String(500), nullable=False, long=True, hint="例如要更正哪一项、改成什么")
    due_on: Mapped[date | None] = field("答复期限", Date, auto=True)
    proof: Mapped[str] = field("核实身份", String(200), nullable=False, default="", auto=True)
    verified_on: Mapped[datetime | None] = field("核实时间", DateTime, auto=True)
    verified_by: Mapped[int | None] = field("核实人", Integer, auto=True, lookup="person")
    answer: Mapped[str] = field("答复", String(1000), nullable=False, default="", auto=True, wide=True)
    answered_on: Mapped[datetime | None] = field("答复时间", DateTime, auto=True)
    state: Mapped[RequestState] = state_field(RequestState)

    customer: Mapped[Any] = relationship("Customer")

    def __str__(self) -> str:
        return self.number or f"个人信息请求 {self.kind.label if self.kind else ''}".strip()
