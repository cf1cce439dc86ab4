"""What is a 变更申请: which order ends, at whose fault, what is kept and what is refunded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.deals.reservations.models import Ownership
from app.kernel.audiences import DealPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.columns import Money, Rate
from app.kernel.constraints import sentence
from app.kernel.states import Choice, State

OPEN_CHANGE = "uq_change_request_open"
sentence(OPEN_CHANGE, "这份认购书已有一份正在办理的变更申请，请先办完或撤回那一份")


class ChangeState(State):
    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审批中", "info")
    APPROVED = ("approved", "已批", "warn")
    EXECUTED = ("executed", "已执行", "ok")
    REFUSED = ("refused", "驳回", "bad")
    VOID = ("void", "作废", "mute")


class ChangeKind(Choice):
    """变更类型 of 02 §2.2.3; 特殊折扣 and 调价 are papers of their own."""

    WITHDRAWAL = ("withdrawal", "退订")
    FORFEITURE = ("forfeiture", "挞定")
    CANCELLATION = ("cancellation", "退房")
    EXCHANGE = ("exchange", "换房")
    RENAME = ("rename", "更名")
    CO_BUYERS = ("co_buyers", "增减名")
    PAYMENT = ("payment", "变更付款方式")
    LATER_SIGNING = ("later_signing", "延期签约")
    LATER_PAYMENT = ("later_payment", "延期付款")


ENDINGS = frozenset({ChangeKind.WITHDRAWAL, ChangeKind.FORFEITURE, ChangeKind.CANCELLATION})
EXTENSIONS = frozenset({ChangeKind.LATER_SIGNING, ChangeKind.LATER_PAYMENT})


class Relation(Choice):
    """与原买受人的关系."""

    SPOUSE = ("spouse", "配偶")
    PARENT = ("parent", "父母")
    CHILD = ("child", "子女")
    SIBLING = ("sibling", "兄弟姐妹")
    NONE = ("none", "无亲属关系")


class Proof(Choice):
    """关系证明: which paper shows that the people are related (02 §2.2.3)."""

    MARRIAGE = ("marriage", "结婚证")
    HOUSEHOLD = ("household", "户口簿")
    BIRTH = ("birth", "出生医学证明")
    NOTARY = ("notary", "亲属关系公证书")
    AUTHORITY = ("authority", "派出所或单位出具的证明")


class FaultOf(Choice):
    """谁的责任."""

    BUYER = ("buyer", "买方责任")
    SELLER = ("seller", "卖方责任")
    NOBODY = ("nobody", "双方无责")


class ChangeRequest(Numbered, DealPapers, Document):
    """变更申请 of one order; the sums are computed by the rules when it is saved and again when it is executed.

    Only the fields of its kind are filled: an ending has fault and sums, 换房 the new unit and price, 更名 the new customer,
    变更付款方式 the new 付款方式, an extension both dates. new_reservation_id is the order that replaces the old one.
    """

    __tablename__ = "change_request"
    __label__ = "变更申请"
    __personal__ = frozenset({"customer_name"})
    __number__ = "BG"
    __table_args__ = (
        CheckConstraint("penalty >= 0 AND fee >= 0 AND refundable >= 0 AND kept >= 0", name="sums_not_negative"),
        one_live_row("reservation_id", alive="state IN ('review', 'approved')", name=OPEN_CHANGE),
    )

    kind: Mapped[ChangeKind] = field("变更类型", ChangeKind, nullable=False)
    reservation_id: Mapped[int] = field("认购书", ForeignKey("reservation.id"), nullable=False, index=True)
    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True, auto=True)
    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, auto=True, index=True)
    customer_name: Mapped[str] = field("客户姓名", String(64), nullable=False, default="", auto=True)
    fault: Mapped[FaultOf | None] = field("责任", FaultOf)
    reason: Mapped[str] = field("原因", String(500), nullable=False, long=True)
    penalty_share: Mapped[Decimal] = field(
        "违约金比例", Rate, unit="%", nullable=False, default=Decimal(0), hint="退房填写，填 3% 或 0.03"
    )
    penalty_on_due: Mapped[bool] = field(
        "违约金按累计应付款",
        Boolean,
        nullable=False,
        default=False,
        hint="逾期付款被解除的：比例乘到今天为止买受人累计应付款，不再另收滞纳金",
    )
    interest: Mapped[Decimal] = field(
        "利息和赔偿",
        Money,
        nullable=False,
        default=Decimal(0),
        hint="卖方责任填写，例如面积误差超过界限退房的利息；在已付房款之外另付",
    )
    fee: Mapped[Decimal] = field("手续费", Money, nullable=False, default=Decimal(0))
    paid: Mapped[Decimal] = field("已收合计", Money, nullable=False, default=Decimal(0), auto=True)
    kept: Mapped[Decimal] = field("没收定金", Money, nullable=False, default=Decimal(0), auto=True)
    penalty: Mapped[Decimal] = field("违约金", Money, nullable=False, default=Decimal(0), auto=True)
    compensation: Mapped[Decimal] = field("双倍返还部分", Money, nullable=False, default=Decimal(0), auto=True)
    refundable: Mapped[Decimal] = field("应退金额", Money, nullable=False, default=Decimal(0), auto=True)
    new_unit_id: Mapped[int | None] = field("换到房源", ForeignKey("unit.id"), index=True)
    new_scheme_id: Mapped[int | None] = field("新付款方式", ForeignKey("payment_scheme.id"), hint="不填则付款方式不变")
    new_total: Mapped[Decimal | None] = field(
        "新成交总价", Money, hint="不填则按公开折后总价；低于公开折后总价须先有已批的特殊折扣单"
    )
    loan_bank: Mapped[str] = field("贷款银行", String(64), nullable=False, default="")
    loan_amount: Mapped[Decimal | None] = field("贷款金额", Money, hint="不填则按付款方式的贷款比例")
    fund_amount: Mapped[Decimal | None] = field("其中公积金", Money, hint="组合贷款填写")
    loan_years: Mapped[int | None] = field("贷款年限", Integer, unit="年")
    new_customer_id: Mapped[int | None] = field(
        "更名给", ForeignKey("customer.id"), index=True, hint="先登记为客户并签同意书，再选在这里"
    )
    relation: Mapped[Relation | None] = field(
        "与原买受人关系", Relation, hint="亲属要上传关系证明；无亲属关系的不用证明，由甲方负责人批"
    )
    proof: Mapped[Proof | None] = field("关系证明", Proof, auto=True)
    proof_sha256: Mapped[str] = mapped_column(String(64), nullable=False, default="")
    consent_on: Mapped[date | None] = field("新买受人同意书签署日", Date, hint="新买受人签个人信息同意书的日期")
    new_ownership: Mapped[Ownership | None] = field(
        "变更后共有方式", Ownership, hint="不填则照旧；一人是单独所有，由一人变多人默认共同共有"
    )
    receivable_id: Mapped[int | None] = field("延期的应收", ForeignKey("receivable.id"))
    new_due_on: Mapped[date | None] = field("延期到", Date)
    old_due_on: Mapped[date | None] = field("原定日期", Date, auto=True)
    old_scheme_id: Mapped[int | None] = field("原付款方式", ForeignKey("payment_scheme.id"), auto=True)
    old_total: Mapped[Decimal | None] = field("原成交总价", Money, auto=True)
    new_public_total: Mapped[Decimal | None] = field("新公开折后总价", Money, auto=True)
    new_reservation_id: Mapped[int | None] = field("新认购书", ForeignKey("reservation.id"), index=True, auto=True)
    approved_on: Mapped[date | None] = field("批准日", Date, auto=True)
    executed_on: Mapped[date | None] = field("执行日", Date, auto=True)
    executed_by: Mapped[int | None] = field("执行人", Integer, auto=True, lookup="person")
    contract_id: Mapped[int | None] = field("须签补充协议的合同", ForeignKey("contract.id"), index=True, auto=True)
    supplement_due_on: Mapped[date | None] = field("补充协议应签日", Date, auto=True)
    supplement_signed_on: Mapped[date | None] = field("补充协议签署日", Date, auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[ChangeState] = state_field(ChangeState)

    reservation: Mapped[Any] = relationship("Reservation", foreign_keys=[reservation_id])
    unit: Mapped[Any] = relationship("Unit", foreign_keys=[unit_id])
    customer: Mapped[Any] = relationship("Customer", foreign_keys=[customer_id])
    new_unit: Mapped[Any] = relationship("Unit", foreign_keys=[new_unit_id])
    new_scheme: Mapped[Any] = relationship("PaymentScheme", foreign_keys=[new_scheme_id])
    old_scheme: Mapped[Any] = relationship("PaymentScheme", foreign_keys=[old_scheme_id])
    new_customer: Mapped[Any] = relationship("Customer", foreign_keys=[new_customer_id])
    receivable: Mapped[Any] = relationship("Receivable")
    new_reservation: Mapped[Any] = relationship("Reservation", foreign_keys=[new_reservation_id])
    contract: Mapped[Any] = relationship("Contract")
    proposed: Mapped[list[Any]] = relationship(
        "Buyer", primaryjoin="and_(Buyer.change_id == ChangeRequest.id, Buyer.standing == 'proposed')", viewonly=True,
        order_by="Buyer.id",
    )  # fmt: skip

    buyers_after: Mapped[list[Any]] = relationship(
        "Buyer", primaryjoin="Buyer.change_id == ChangeRequest.id", viewonly=True, order_by="Buyer.id"
    )

    @property
    def ownership_after(self) -> Ownership:
        """How the new buyers will own the flat."""
        now: Ownership = self.reservation.ownership
        return now.after(self.new_ownership, alone=len(self.proposed) == 1)

    @property
    def asked_as(self) -> str:
        """What an approver decides: 「退订」, where its chain serves 挞定 too."""
        return self.kind.label

    @property
    def new_buyers(self) -> str:
        """The names that are asked for, with their shares: what an approval of 更名 and 增减名 covers."""
        return "、".join(f"{b.name} {b.id_number} {b.share:.6f}" for b in self.proposed)

    def __str__(self) -> str:
        return (
            self.number
            or f"{self.kind.label if self.kind else '变更'} {self.unit.full_name if self.unit else ''}".strip()
        )
