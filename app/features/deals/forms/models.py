"""What is a contract form: its serial, where it is; a batch is a run of serials that came from the printer."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from app.features.deals.contracts.models import Form
from app.kernel.audiences import DealPapers
from app.kernel.base import Document, field, now, state_field
from app.kernel.constraints import sentence
from app.kernel.states import State

sentence("uq_contract_form_serial", "这个合同编号已经登记过，请核对号段")


class FormState(State):
    STOCK = ("stock", "在库", "info")
    ISSUED = ("issued", "已领用", "warn")
    USED = ("used", "已使用", "ok")
    VOID = ("void", "已作废", "bad")


class FormBatch(DealPapers, Document):
    """合同入库: a run of serials; saved once, its forms follow."""

    __tablename__ = "form_batch"
    __label__ = "合同入库"
    __table_args__ = (CheckConstraint("first > 0 AND last >= first AND last - first < 1000", name="numbers"),)

    form: Mapped[Form] = field("范本", Form, nullable=False, default=Form.PRESALE)
    prefix: Mapped[str] = field("编号前缀", String(24), nullable=False, default="", hint="例如：HT2026-")
    first: Mapped[int] = field("起号", Integer, nullable=False)
    last: Mapped[int] = field("止号", Integer, nullable=False, hint="一次最多登记 1,000 份")
    width: Mapped[int] = field("号码位数", Integer, nullable=False, default=4, hint="不足补零，例如 4 位：0001")
    received_on: Mapped[date] = field("入库日期", Date, nullable=False, default=lambda: now().date())
    source: Mapped[str] = field("来源", String(64), nullable=False, default="", hint="例如：房管局领取")

    def __str__(self) -> str:
        return f"{self.serial(self.first)} — {self.serial(self.last)}" if self.first else "合同入库"

    def serial(self, number: int) -> str:
        """«HT2026-0042»"""
        return f"{self.prefix}{number:0{self.width or 1}d}"


class ContractForm(DealPapers, Document):
    """空白合同: one printed form with its serial; issued to a person, used for one contract, returned or void."""

    __tablename__ = "contract_form"
    __label__ = "空白合同"
    __title__ = "serial"
    __table_args__ = (UniqueConstraint("project_id", "serial", name="uq_contract_form_serial"),)

    batch_id: Mapped[int] = field("入库批次", ForeignKey("form_batch.id"), nullable=False, index=True, auto=True)
    serial: Mapped[str] = field("合同编号", String(40), nullable=False, auto=True)
    position: Mapped[int] = field("号码", Integer, nullable=False, auto=True)
    form: Mapped[Form] = field("范本", Form, nullable=False, auto=True)
    holder_id: Mapped[int | None] = field("领用人", Integer, auto=True, lookup="person")
    issued_on: Mapped[date | None] = field("领用日", Date, auto=True)
    contract_id: Mapped[int | None] = field("用于合同", ForeignKey("contract.id"), index=True, auto=True)
    closed_on: Mapped[date | None] = field("使用或作废日", Date, auto=True)
    state: Mapped[FormState] = state_field(FormState)

    batch: Mapped[Any] = relationship("FormBatch")
    contract: Mapped[Any] = relationship("Contract")
