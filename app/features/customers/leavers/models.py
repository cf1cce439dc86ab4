"""What is a 客户移交单: whose customers, to whom by which parts or one by one, what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.customers.models import Customer
from app.kernel.audiences import AgencyPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.posts import SITE_CHAIN, Post
from app.kernel.states import Choice, State

MAKERS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER})
READERS = SITE_CHAIN | {Post.SUPERVISOR, Post.AUDITOR}


class TransferState(State):
    DRAFT = ("draft", "草稿", "mute")
    DONE = ("done", "已移交", "ok")


class Occasion(Choice):
    """Why somebody's customers change hands."""

    LEAVING = ("leaving", "离职")
    MOVING = ("moving", "调岗")
    ABSENT = ("absent", "长假")


class CustomerTransfer(Numbered, AgencyPapers, Document):
    """客户移交单. Lines with a customer go first; the others share what is left; without them the rest goes to the 公海."""

    __tablename__ = "customer_transfer"
    __label__ = "客户移交单"
    __number__ = "KY"
    __file_writers__: ClassVar[frozenset[Post]] = MAKERS
    __table_args__ = (
        one_live_row("project_id", "from_id", alive="state = 'draft'", name="uq_customer_transfer_draft"),
    )

    from_id: Mapped[int] = field(
        "移交人", Integer, nullable=False, lookup="person", index=True, hint="包括已经离职的同事"
    )
    occasion: Mapped[Occasion] = field("移交原因", Occasion, nullable=False, default=Occasion.LEAVING)
    remark: Mapped[str | None] = field("说明", String(200))
    given: Mapped[int | None] = field("移交客户", Integer, auto=True, unit="位")
    pooled: Mapped[int | None] = field("转入公海", Integer, auto=True, unit="位")
    shared: Mapped[int | None] = field("取消分单", Integer, auto=True, unit="位")
    orders: Mapped[int | None] = field("移交未签约认购", Integer, auto=True, unit="份")
    done_at: Mapped[datetime | None] = field("移交时间", DateTime, auto=True)
    done_by: Mapped[int | None] = field("办理人", Integer, auto=True, lookup="person")
    state: Mapped[TransferState] = state_field(TransferState)

    lines: Mapped[list[TransferLine]] = relationship(
        back_populates="transfer", order_by="TransferLine.id", cascade="all, delete-orphan"
    )


class TransferLine(AgencyPapers, Document):
    """One receiver: of a named customer, or of a part (份数) of the others."""

    __tablename__ = "customer_transfer_line"
    __label__ = "接手人"
    __title__ = "id"
    __table_args__ = (CheckConstraint("weight IS NULL OR weight > 0", name="weight"),)

    transfer_id: Mapped[int] = mapped_column(ForeignKey("customer_transfer.id"), nullable=False, index=True)
    to_id: Mapped[int] = field("接手人", Integer, nullable=False, lookup="person")
    customer_id: Mapped[int | None] = field("指定客户", ForeignKey("customer.id"), hint="不填就是按份数分其余客户")
    weight: Mapped[int | None] = field("分配份数", Integer, hint="不填为 1 份")

    transfer: Mapped[CustomerTransfer] = relationship(back_populates="lines")
    customer: Mapped[Customer | None] = relationship()
