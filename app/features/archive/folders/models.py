"""What is a 户档 (一户一档), and which papers must it hold (02 §2.5.8)."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import Boolean, Date, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.archive.models import Applies, FileNumbered, Payment, Retention, Stage
from app.kernel.audiences import DealPapers, ProjectPapers
from app.kernel.base import Document, field, state_field
from app.kernel.constraints import sentence
from app.kernel.states import State

sentence("uq_paper_kind_name", "已有同名的资料种类，请换一个名称，或修改原来那一条")


class FolderState(State):
    OPEN = ("open", "在档", "info")
    SETTLED = ("settled", "已结档", "ok")
    ENDED = ("ended", "已终止", "mute")


class Folder(FileNumbered, DealPapers, Document):
    """户档 of one order: opened by the deals when the order takes effect, read by whoever reads the order.

    subject names the paper that opened it («reservation», its id). needed, present and missing_names are the meter as it
    stood at the last change, so that lists can ask for what is missing.
    """

    __tablename__ = "folder"
    __label__ = "户档"
    __personal__ = frozenset({"customer_name"})
    __labels__: ClassVar[dict[str, str]] = {"completeness": "齐全度"}
    __table_args__ = (UniqueConstraint("subject", "subject_id", name="uq_folder_subject"),)

    unit_id: Mapped[int | None] = mapped_column(Integer, index=True)
    unit_name: Mapped[str] = field("房源", String(64), nullable=False, default="", auto=True)
    customer_id: Mapped[int | None] = mapped_column(Integer, index=True)
    customer_name: Mapped[str] = field("客户姓名", String(64), nullable=False, default="", auto=True)
    order_number: Mapped[str] = field("认购书编号", String(40), nullable=False, default="", auto=True)
    payment: Mapped[Payment | None] = field("付款方式", Payment, auto=True)
    stage: Mapped[Stage] = field("阶段", Stage, nullable=False, default=Stage.ORDER, auto=True, index=True)
    stage_on: Mapped[date] = field("进入阶段", Date, nullable=False, auto=True)
    due_on: Mapped[date] = field("应齐日期", Date, nullable=False, auto=True, index=True)
    box: Mapped[str] = field("盒号", String(32), nullable=False, default="")
    shelf: Mapped[str] = field("柜位", String(32), nullable=False, default="")
    note: Mapped[str] = field("备注", String(300), nullable=False, default="", long=True)
    needed: Mapped[int] = field("应有", Integer, nullable=False, default=0, auto=True, unit="种")
    present: Mapped[int] = field("已有", Integer, nullable=False, default=0, auto=True, unit="种")
    missing: Mapped[int] = field("缺件", Integer, nullable=False, default=0, auto=True, index=True, unit="种")
    missing_names: Mapped[str] = field("缺少的资料", String(600), nullable=False, default="", auto=True, wide=True)
    settled_on: Mapped[date | None] = field("结档日期", Date, auto=True)
    subject: Mapped[str] = mapped_column(String(64), nullable=False)
    subject_id: Mapped[int] = mapped_column(Integer, nullable=False)
    state: Mapped[FolderState] = state_field(FolderState)

    def __str__(self) -> str:
        return self.number or f"户档 {self.unit_name}"

    @property
    def completeness(self) -> str:
        """«8 / 11»"""
        return f"{self.present} / {self.needed}"


class PaperKind(ProjectPapers, Document):
    """资料清单: a kind of paper, demanded from a stage on. code marks those into which the product's own steps file."""

    __tablename__ = "paper_kind"
    __label__ = "资料种类"
    __title__ = "name"
    __table_args__ = (UniqueConstraint("project_id", "name", name="uq_paper_kind_name"),)

    name: Mapped[str] = field("资料种类", String(60), nullable=False)
    stage: Mapped[Stage] = field("从哪个阶段起应有", Stage, nullable=False)
    applies_to: Mapped[Applies] = field("适用客户", Applies, nullable=False, default=Applies.ALL)
    required: Mapped[bool] = field("必备", Boolean, nullable=False, default=True, hint="必备的计入齐全度和缺件清单")
    original: Mapped[bool] = field("必须是原件", Boolean, nullable=False, default=False)
    retention: Mapped[Retention] = field("保管期限", Retention, nullable=False, default=Retention.CONTRACT)
    position: Mapped[int] = field("排序", Integer, nullable=False, default=100, hint="小的排在前面")
    active: Mapped[bool] = field("使用中", Boolean, nullable=False, default=True)
    code: Mapped[str | None] = mapped_column(String(32), index=True)

    project: Mapped[Any] = relationship("Project")
