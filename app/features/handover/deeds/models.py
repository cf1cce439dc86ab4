"""What is a 办证批次 and the 办证 of one flat: papers, taxes, submission, certificate, collection (02 §2.2.2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.archive.checklists import ChecklistRow, lacking
from app.features.handover.household import OfHousehold
from app.kernel.audiences import AftercarePapers, ProjectPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.columns import Money
from app.kernel.constraints import sentence
from app.kernel.posts import Post
from app.kernel.states import State

LIVE_DEED = "uq_title_deed_live"
sentence(LIVE_DEED, "这套房已经有一份办证单，请打开那一份继续办理")
OFFICERS = frozenset({Post.CONTRACT_OFFICER})


class DeedBatchState(State):
    PREPARING = ("preparing", "组卷中", "info")
    SUBMITTED = ("submitted", "已送件", "plum")
    ISSUED = ("issued", "已出证", "ok")
    VOID = ("void", "作废", "mute")


class DeedState(State):
    INITIAL = ("initial", "待首次登记", "mute")
    COLLECTING = ("collecting", "收资料", "info")
    PAYING = ("paying", "缴税与维修资金", "info")
    READY = ("ready", "待送件", "plum")
    SUBMITTED = ("submitted", "已送件", "plum")
    ISSUED = ("issued", "已出证", "ok")
    COLLECTED = ("collected", "已领证", "ok")
    VOID = ("void", "作废", "mute")


class DeedBatch(Numbered, ProjectPapers, Document):
    """办证批次: flats of one building whose papers go to the registry together."""

    __tablename__ = "deed_batch"
    __label__ = "办证批次"
    __number__ = "ZP"
    __file_writers__ = OFFICERS

    name: Mapped[str] = field("批次名称", String(64), nullable=False, hint="例如：1栋第 1 批")
    building_id: Mapped[int] = field("楼栋", ForeignKey("building.id"), nullable=False, index=True)
    first_registered_on: Mapped[date | None] = field("首次登记日", Date, hint="开发商大证办好的日期")
    first_no: Mapped[str] = field("首次登记证号", String(64), nullable=False, default="", hint="大证号")
    office: Mapped[str] = field("登记机构", String(64), nullable=False, default="不动产登记中心")
    note: Mapped[str] = field("备注", String(300), nullable=False, default="", long=True)
    submitted_on: Mapped[date | None] = field("送件日", Date, auto=True)
    acceptance_no: Mapped[str] = field("受理编号", String(64), nullable=False, default="", auto=True)
    issued_on: Mapped[date | None] = field("出证日", Date, auto=True)
    state: Mapped[DeedBatchState] = state_field(DeedBatchState)

    building: Mapped[Any] = relationship("Building")
    deeds: Mapped[list[TitleDeed]] = relationship(back_populates="batch", order_by="TitleDeed.id")

    def __str__(self) -> str:
        return f"{self.number} {self.name}" if self.number else self.name or "办证批次"


class TitleDeed(OfHousehold, Numbered, AftercarePapers, Document):
    """办证单 of one flat; certificate_no is that of the 不动产权证."""

    __tablename__ = "title_deed"
    __label__ = "办证单"
    __number__ = "BZ"
    __personal__ = frozenset({"buyers", "collected_by"})
    __labels__: ClassVar[dict[str, str]] = {"lacks": "缺件"}
    __file_writers__ = OFFICERS
    __table_args__ = (
        CheckConstraint(
            "(deed_tax IS NULL OR deed_tax >= 0) AND (repair_fund IS NULL OR repair_fund >= 0)", name="taxes"
        ),
        one_live_row("reservation_id", alive="state <> 'void'", name=LIVE_DEED),
    )

    batch_id: Mapped[int | None] = field("办证批次", ForeignKey("deed_batch.id"), index=True)
    certificate_no: Mapped[str] = field("不动产权证号", String(64), nullable=False, default="", hint="出证后填写")
    note: Mapped[str] = field("备注", String(300), nullable=False, default="", long=True)
    state: Mapped[DeedState] = state_field(DeedState)

    handed_on: Mapped[date | None] = field("交付日", Date, auto=True)
    filing_due_on: Mapped[date | None] = field("应送件日", Date, auto=True, index=True)
    deed_due_on: Mapped[date | None] = field("应出证日", Date, auto=True, index=True)
    first_registered_on: Mapped[date | None] = field("首次登记日", Date, auto=True)
    deed_tax: Mapped[Decimal | None] = field("契税", Money, auto=True)
    deed_tax_no: Mapped[str] = field("契税完税凭证号", String(64), nullable=False, default="", auto=True)
    repair_fund: Mapped[Decimal | None] = field("维修资金", Money, auto=True)
    repair_fund_no: Mapped[str] = field("维修资金票据号", String(64), nullable=False, default="", auto=True)
    taxed_on: Mapped[date | None] = field("缴税日", Date, auto=True)
    submitted_on: Mapped[date | None] = field("送件日", Date, auto=True)
    acceptance_no: Mapped[str] = field("受理编号", String(64), nullable=False, default="", auto=True)
    returned_why: Mapped[str] = field("退件原因", String(200), nullable=False, default="", auto=True)
    issued_on: Mapped[date | None] = field("出证日", Date, auto=True)
    collected_on: Mapped[date | None] = field("领证日", Date, auto=True)
    collected_by: Mapped[str] = field("领证人", String(64), nullable=False, default="", auto=True)

    batch: Mapped[DeedBatch | None] = relationship(back_populates="deeds")
    papers: Mapped[list[DeedPaper]] = relationship(
        order_by="DeedPaper.id", back_populates="deed", cascade="all, delete-orphan"
    )

    @property
    def lacks(self) -> str:
        """«2 件», for the list."""
        return f"{count} 件" if self.missing and (count := lacking(self.papers)) else ""

    @property
    def missing(self) -> str:
        """«身份证明、测绘成果表», until they go to the registry."""
        if self.state not in BEFORE_SUBMISSION:
            return ""
        return "、".join(paper.name for paper in self.papers if paper.received_on is None)


class DeedPaper(ChecklistRow, AftercarePapers, Document):
    """办证资料: a line of the list."""

    __tablename__ = "deed_paper"
    __label__ = "办证资料"
    __title__ = "name"

    deed_id: Mapped[int] = mapped_column(ForeignKey("title_deed.id"), nullable=False, index=True)

    deed: Mapped[TitleDeed] = relationship(back_populates="papers")


D = DeedState
BEFORE_SUBMISSION = (D.INITIAL, D.COLLECTING, D.PAYING, D.READY)
BEFORE_ISSUE = (*BEFORE_SUBMISSION, D.SUBMITTED)
