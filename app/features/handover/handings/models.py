"""What is a 交楼批次 and a 交楼 of one flat: the notice, the appointment, the inspection, papers, meters and keys (02 §2.2.2)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.handover.household import OfHousehold
from app.kernel.audiences import AftercarePapers, ProjectPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.columns import Money
from app.kernel.constraints import sentence
from app.kernel.posts import Post
from app.kernel.states import State

LIVE_HANDOVER = "uq_handover_live"
sentence(LIVE_HANDOVER, "这套房已经有一份交楼单，请打开那一份继续办理")
SERVICE = frozenset({Post.DEVELOPER_SERVICE})


class BatchState(State):
    DRAFT = ("draft", "草稿", "mute")
    ISSUED = ("issued", "已发布", "ok")
    VOID = ("void", "作废", "mute")


class HandoverState(State):
    """通知 → 预约 → 验房 → 签收文件 → 缴费 → 领钥匙 → 收楼, and what may happen beside it."""

    PREPARED = ("prepared", "待通知", "mute")
    NOTIFIED = ("notified", "已通知", "info")
    BOOKED = ("booked", "已预约", "info")
    INSPECTED = ("inspected", "已验房", "plum")
    RECTIFYING = ("rectifying", "整改中", "warn")
    REFUSING = ("refusing", "拒收待批", "warn")
    REFUSED = ("refused", "拒收", "bad")
    DOCUMENTED = ("documented", "已签收文件", "plum")
    PAID = ("paid", "已缴费", "plum")
    KEYED = ("keyed", "已领钥匙", "ok")
    RECEIVED = ("received", "已收楼", "ok")
    DEEMED = ("deemed", "视为交付", "warn")
    VOID = ("void", "作废", "mute")


class HandoverBatch(Numbered, ProjectPapers, Document):
    """交楼批次: a building that is handed over in these days, opened once its completion is on file."""

    __tablename__ = "handover_batch"
    __label__ = "交楼批次"
    __number__ = "JP"
    __file_writers__ = SERVICE

    name: Mapped[str] = field("批次名称", String(64), nullable=False, hint="例如：1栋首批交付")
    building_id: Mapped[int] = field("楼栋", ForeignKey("building.id"), nullable=False, index=True)
    completion_no: Mapped[str] = field("竣工验收备案号", String(64), nullable=False)
    completion_on: Mapped[date] = field("竣工验收备案日", Date, nullable=False)
    from_on: Mapped[date] = field("交楼开始", Date, nullable=False)
    until_on: Mapped[date] = field("交楼截止", Date, nullable=False)
    place: Mapped[str] = field("办理地点", String(100), nullable=False, default="")
    note: Mapped[str] = field("备注", String(300), nullable=False, default="", long=True)
    opened: Mapped[int] = field("交楼单", Integer, nullable=False, default=0, auto=True, unit="份")
    state: Mapped[BatchState] = state_field(BatchState)

    building: Mapped[Any] = relationship("Building")

    def __str__(self) -> str:
        return f"{self.number} {self.name}" if self.number else self.name or "交楼批次"


class Handover(OfHousehold, Numbered, AftercarePapers, Document):
    """交楼单 of one flat."""

    __tablename__ = "handover"
    __label__ = "交楼单"
    __number__ = "JL"
    __personal__ = frozenset({"buyers", "receiver"})
    __file_writers__ = SERVICE | {Post.DEVELOPER_SITE}
    __table_args__ = (
        CheckConstraint("compensation >= 0", name="compensation"),
        one_live_row("reservation_id", alive="state <> 'void'", name=LIVE_HANDOVER),
    )

    batch_id: Mapped[int | None] = field("交楼批次", ForeignKey("handover_batch.id"), index=True)
    due_on: Mapped[date | None] = field("应收楼日", Date, index=True, hint="不填按通知后收楼期限计算")
    express_no: Mapped[str] = field("快递单号", String(40), nullable=False, default="")
    property_contact: Mapped[str] = field(
        "物业联系人", String(64), nullable=False, default="", hint="物业公司没有账号，只记联系人和电话"
    )
    note: Mapped[str] = field("备注", String(300), nullable=False, default="", long=True)
    state: Mapped[HandoverState] = state_field(HandoverState)

    notified_on: Mapped[date | None] = field("通知日", Date, auto=True)
    signed_for_on: Mapped[date | None] = field("通知签收日", Date, auto=True)
    appointment_at: Mapped[datetime | None] = field("预约时间", DateTime, auto=True, index=True)
    companion: Mapped[str] = field("陪验人", String(32), nullable=False, default="", auto=True)
    inspected_on: Mapped[date | None] = field("验房日", Date, auto=True)
    inspection: Mapped[str] = field("验房结论", String(300), nullable=False, default="", auto=True, wide=True)
    refusal: Mapped[str] = field("拒收理由", String(500), nullable=False, default="", auto=True, wide=True)
    compensation: Mapped[Decimal] = field("补偿金额", Money, nullable=False, default=Decimal(0), auto=True)
    documents: Mapped[str] = field("已交文件", String(300), nullable=False, default="", auto=True, wide=True)
    documented_on: Mapped[date | None] = field("文件签收日", Date, auto=True)
    paid_on: Mapped[date | None] = field("缴费核对日", Date, auto=True)
    charges: Mapped[str] = field("代收费用", String(200), nullable=False, default="", auto=True)
    keys: Mapped[int | None] = field("钥匙", Integer, auto=True, unit="把")
    water: Mapped[str] = field("水表读数", String(16), nullable=False, default="", auto=True)
    power: Mapped[str] = field("电表读数", String(16), nullable=False, default="", auto=True)
    gas: Mapped[str] = field("燃气表读数", String(16), nullable=False, default="", auto=True)
    keyed_on: Mapped[date | None] = field("领钥匙日", Date, auto=True)
    received_on: Mapped[date | None] = field("收楼日", Date, auto=True)
    receiver: Mapped[str] = field("收楼人", String(64), nullable=False, default="", auto=True)
    deemed_why: Mapped[str] = field("视为交付依据", String(300), nullable=False, default="", auto=True, wide=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)

    batch: Mapped[Any] = relationship("HandoverBatch")


S = HandoverState
OPEN = (
    S.PREPARED,
    S.NOTIFIED,
    S.BOOKED,
    S.INSPECTED,
    S.RECTIFYING,
    S.REFUSING,
    S.REFUSED,
    S.DOCUMENTED,
    S.PAID,
    S.KEYED,
)
OVER = (S.RECEIVED, S.DEEMED)
