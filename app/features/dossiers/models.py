"""客户档案报送批次 and the electronic files in it, each a frozen copy of what was told of one household (S1.11.2)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import Date, DateTime, ForeignKey, Index, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from app.kernel.audiences import DossierPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.chinese import mask_phone
from app.kernel.columns import Encrypted, Money
from app.kernel.constraints import sentence
from app.kernel.posts import Post
from app.kernel.states import Choice, State

MAKERS = frozenset({Post.SUPERVISOR, Post.CLERK})
RECEIVERS = frozenset({Post.DEVELOPER_MARKETING})
ONE_EDITION = "uq_dossier_file_edition"
sentence(ONE_EDITION, "这一户的档案刚有新的一版，请刷新后再试")


class BatchKind(Choice):
    """Whose files go: households that bought, or A and B customers of the week."""

    DEALS = ("deals", "成交客户", "ok")
    INTENT = ("intent", "意向客户", "info")


class BatchState(State):
    DRAFT = ("draft", "草稿", "mute")
    SUBMITTED = ("submitted", "已提交", "info")
    RETURNED = ("returned", "退回补正", "warn")
    RECEIVED = ("received", "已接收", "ok")
    VOID = ("void", "作废", "mute")


class Standing(Choice):
    """What became of one file."""

    WAITING = ("waiting", "待报送", "info")
    SENT = ("sent", "已报送", "ok")
    RETURNED = ("returned", "退回补正", "warn")
    REPLACED = ("replaced", "已有新版", "mute")
    LEFT_OUT = ("left_out", "未报送", "warn")
    STOPPED = ("stopped", "已停止提供", "bad")


READ = (Standing.SENT, Standing.RETURNED, Standing.REPLACED)  # what the other side has, and may open


class LeftOut(Choice):
    """Why a household is not told of."""

    NO_CONSENT = ("no_consent", "客户没有单独同意向甲方营销策划部提供")
    WITHDRAWN = ("withdrawn", "客户已撤回同意")
    ANONYMISED = ("anonymised", "客户资料已匿名处理")


class DossierBatch(Numbered, DossierPapers, Document):
    """客户档案报送批次; turn counts how often it was submitted."""

    __tablename__ = "dossier_batch"
    __label__ = "客户档案报送批次"
    __number__ = "DA"

    kind: Mapped[BatchKind] = field("报送对象", BatchKind, nullable=False)
    note: Mapped[str] = field("说明", String(300), nullable=False, default="", long=True)
    count: Mapped[int] = field("报送户数", Integer, nullable=False, default=0, auto=True)
    left_out: Mapped[int] = field("未报送户数", Integer, nullable=False, default=0, auto=True)
    turn: Mapped[int] = field("提交次数", Integer, nullable=False, default=0, auto=True, unit="次")
    submitted_on: Mapped[datetime | None] = field("提交时间", DateTime, auto=True)
    correction: Mapped[str] = field("补正要求", String(500), nullable=False, default="", auto=True, wide=True)
    received_on: Mapped[datetime | None] = field("接收时间", DateTime, auto=True)
    receiver: Mapped[str] = field("接收人", String(64), nullable=False, default="", auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[BatchState] = state_field(BatchState)

    files: Mapped[list[DossierFile]] = relationship(order_by="DossierFile.id", back_populates="batch")
    project: Mapped[Any] = relationship("Project")

    def in_effect(self) -> bool:
        """甲方营销策划部 reads it once it was submitted."""
        return self.state in (BatchState.SUBMITTED, BatchState.RETURNED, BatchState.RECEIVED)

    def __str__(self) -> str:
        return self.number or f"客户档案报送批次 {self.kind.label if self.kind else ''}".strip()


def masked(phones: str | None) -> str:
    """138****8888 of every number."""
    return "、".join(mask_phone(one) for one in (phones or "").split("、") if one)


class DossierFile(DossierPapers, Document):
    """客户电子档案 of one household, one row an edition; what is known is copied at the submission and never changed after it."""

    __tablename__ = "dossier_file"
    __label__ = "客户电子档案"
    __title__ = "title"
    __personal__ = frozenset({"title", "customer_name", "phones_masked"})
    __labels__: ClassVar[dict[str, str]] = {"phones_masked": "手机", "completeness": "齐全度"}
    __table_args__ = (
        one_live_row("batch_id", "customer_id", "edition", alive="edition > 0", name=ONE_EDITION),
        Index("ix_dossier_file_customer", "customer_id", "standing"),
    )

    batch_id: Mapped[int] = field("批次", ForeignKey("dossier_batch.id"), nullable=False, index=True, auto=True)
    customer_id: Mapped[int] = mapped_column(Integer, nullable=False)
    reservation_id: Mapped[int | None] = mapped_column(Integer, index=True)
    edition: Mapped[int] = field("第几版", Integer, nullable=False, default=1, auto=True)
    standing: Mapped[Standing] = field("报送情况", Standing, nullable=False, default=Standing.WAITING, auto=True)
    left_out_why: Mapped[LeftOut | None] = field("未报送原因", LeftOut, auto=True)
    frozen_at: Mapped[datetime | None] = field("定稿时间", DateTime, auto=True)
    correction: Mapped[str] = field("补正要求", String(500), nullable=False, default="", auto=True, wide=True)
    changed: Mapped[str] = field("比上一版有变化", String(500), nullable=False, default="", auto=True, wide=True)

    customer_name: Mapped[str] = field("客户姓名", String(64), nullable=False, auto=True)
    phones: Mapped[str | None] = field("手机全号", Encrypted, personal="phone", auto=True)
    gender: Mapped[str] = field("性别", String(16), nullable=False, default="", auto=True)
    age_band: Mapped[str] = field("年龄段", String(32), nullable=False, default="", auto=True)
    home_area: Mapped[str] = field("居住区域", String(64), nullable=False, default="", auto=True)
    work_area: Mapped[str] = field("工作区域", String(64), nullable=False, default="", auto=True)
    occupation: Mapped[str] = field("职业", String(64), nullable=False, default="", auto=True)
    family: Mapped[str] = field("家庭结构", String(32), nullable=False, default="", auto=True)
    source: Mapped[str] = field("认知途径", String(100), nullable=False, default="", auto=True)
    grade: Mapped[str] = field("等级", String(8), nullable=False, default="", auto=True)
    purpose: Mapped[str] = field("购房用途", String(32), nullable=False, default="", auto=True)
    wanted: Mapped[str] = field("购房需求", String(200), nullable=False, default="", auto=True)
    concerns: Mapped[str] = field("关注点", String(500), nullable=False, default="", auto=True, wide=True)
    resistance: Mapped[str] = field("抗性", String(500), nullable=False, default="", auto=True, wide=True)
    first_on: Mapped[date | None] = field("首次来电来访", Date, auto=True)
    last_on: Mapped[date | None] = field("最近有效联系", Date, auto=True)
    visits: Mapped[int] = field("来访", Integer, nullable=False, default=0, auto=True, unit="次")
    follow_ups: Mapped[int] = field("有效跟进", Integer, nullable=False, default=0, auto=True, unit="次")
    seller: Mapped[str] = field("置业顾问", String(64), nullable=False, default="", auto=True)
    unit_name: Mapped[str] = field("房源", String(64), nullable=False, default="", auto=True)
    total: Mapped[Decimal | None] = field("成交总价", Money, auto=True)
    paid: Mapped[Decimal | None] = field("已收", Money, auto=True)
    scheme: Mapped[str] = field("付款方式", String(100), nullable=False, default="", auto=True)
    reserved_on: Mapped[date | None] = field("认购日期", Date, auto=True)
    signed_on: Mapped[date | None] = field("签约日期", Date, auto=True)
    needed: Mapped[int] = field("应有", Integer, nullable=False, default=0, auto=True, unit="项")
    present: Mapped[int] = field("已有", Integer, nullable=False, default=0, auto=True, unit="项")
    missing_names: Mapped[str] = field("缺少", String(900), nullable=False, default="", auto=True, wide=True)
    consent: Mapped[str] = field("同意依据", String(100), nullable=False, default="", auto=True)

    batch: Mapped[DossierBatch] = relationship(back_populates="files")

    def in_effect(self) -> bool:
        """甲方营销策划部 reads what was sent, never what was left out, and no longer what the customer took back."""
        return self.standing in READ

    @property
    def title(self) -> str:
        """«王伟 第 2 版»"""
        return f"{self.customer_name} 第 {self.edition} 版" if self.customer_name else "客户电子档案"

    @property
    def phones_masked(self) -> str:
        """138****8888 of every number."""
        return masked(self.phones)

    @property
    def completeness(self) -> str:
        """«11 / 14»"""
        return f"{self.present} / {self.needed}"


def numbers_of_files(session: Session, ids: list[int]) -> dict[int, object]:
    """What phones_masked says, for many files in one statement."""
    query = select(DossierFile.id, DossierFile.phones).where(DossierFile.id.in_(ids))
    return {key: masked(phones) for key, phones in session.execute(query)}


DossierFile.__in_bulk__ = {"phones_masked": numbers_of_files}
