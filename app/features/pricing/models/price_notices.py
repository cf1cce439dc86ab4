"""价格通知: what changed for whoever names prices to customers, signed by each of them (S3.20). It never names a floor price."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.audiences import ProjectPapers
from app.kernel.base import Document, Numbered, field, state_field
from app.kernel.states import Choice, State


class PriceNoticeKind(Choice):
    """What changed."""

    PRICES = ("prices", "价目表")
    PAYMENT = ("payment", "付款方式")
    DISCOUNTS = ("discounts", "销售方案")


class PriceNoticeState(State):
    """Sent once; a later notice says that it holds no longer."""

    SENT = ("sent", "已发出", "ok")
    REPLACED = ("replaced", "已被取代", "mute")


class PriceNotice(ProjectPapers, Numbered, Document):
    """价格通知, made by the system when a paper takes effect or ends. source_id: the paper of its kind."""

    __tablename__ = "price_notice"
    __label__ = "价格通知"
    __number__ = "JT"
    __title__ = "title"

    title: Mapped[str] = field("标题", String(120), nullable=False, auto=True, wide=True)
    kind: Mapped[PriceNoticeKind] = field("类别", PriceNoticeKind, nullable=False, auto=True)
    holds_from: Mapped[date] = field("执行日期", Date, nullable=False, auto=True, index=True)
    body: Mapped[str] = field("内容", String(1000), nullable=False, default="", auto=True, long=True)
    source_id: Mapped[int] = mapped_column(Integer, nullable=False)
    state: Mapped[PriceNoticeState] = state_field(PriceNoticeState)
