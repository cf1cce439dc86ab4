"""How an order ends: 退订, 挞定, 退房, with the revoked contract and the refund (02 §2.2.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from app.demo.deals.deal import Deal, Stage
from app.demo.deals.timetable import Life
from app.features.deals.changes.effects import fill_from_order
from app.features.deals.changes.models import ChangeKind, ChangeRequest, FaultOf
from app.features.payments.models import Credited, Refund, RefundState
from app.kernel.transactions import write

SUBMIT = {ChangeKind.CANCELLATION: "submit_cancellation"}


@dataclass
class Ending:
    """The 变更申请 of a deal that has come to its own stop: so many days after the order; `stop` = its last stage."""

    deal: Deal
    kind: ChangeKind
    fault: FaultOf
    reason: str
    days: int
    stop: str = ""
    penalty_share: Decimal = Decimal(0)

    def life(self) -> Life:
        """First the order, then what ends it."""
        yield from self.deal.life()
        for name, moment, deed in self._stages():
            yield moment
            deed(moment)
            if name == self.stop:
                return

    def _stages(self) -> Iterator[Stage]:
        on, days, site = self.deal.on, self.days, self.deal.site
        yield "draft", on(days, 9, 30), self._draft
        if self.stop == "void":
            yield "void", on(days, 16), self._void
        yield "submit", on(days, 10), self._submit
        yield "supervisor", on(days, 11, 30), self._agree
        yield "manager", on(days, 15), self._agree
        if self.kind is ChangeKind.CANCELLATION:
            yield "project_manager", on(days + 1, 10), self._agree
        if self.stop == "refuse":
            yield "refuse", on(days + 1, 14), self._refuse
        yield "lead", on(days + 1, 15, 30), self._agree
        if self.kind is ChangeKind.CANCELLATION:
            yield "revoke", on(days + 2, 9, 30), self._revoke
            yield (
                "accept",
                on(days + 4, 14),
                lambda m: self.deal.step(site.officer, self.deal.contract, "accept_revocation", m),
            )
            yield "revoked", on(days + 9, 14), lambda m: self.deal.step(site.officer, self.deal.contract, "revoked", m)
        yield "execute", on(days + 10, 10), lambda m: self.deal.step(site.cashier, self.paper, "execute", m)
        yield "refund", on(days + 11, 15), self._refund

    def _draft(self, moment: datetime) -> None:
        deal = self.deal
        with deal.world.acting(deal.seller, moment) as who:

            def work() -> None:
                paper = ChangeRequest(
                    kind=self.kind, reservation_id=deal.order.id, fault=self.fault, reason=self.reason,
                    penalty_share=self.penalty_share, fee=Decimal(0), created_by=who.person_id,
                )  # fmt: skip
                fill_from_order(deal.session, paper, deal.order)
                deal.session.add(paper)
                deal.session.flush()
                self.paper = paper

            write(deal.session, work)

    def _void(self, moment: datetime) -> None:
        self.deal.step(self.deal.seller, self.paper, "void", moment, note="客户改变主意，继续履约")

    def _submit(self, moment: datetime) -> None:
        self.deal.step(self.deal.seller, self.paper, SUBMIT.get(self.kind, "submit"), moment)

    def _agree(self, moment: datetime) -> None:
        self.deal.decide(self.paper, moment)

    def _refuse(self, moment: datetime) -> None:
        self.deal.decide(self.paper, moment, "refuse", "理由不充分，请继续履行认购书")

    def _revoke(self, moment: datetime) -> None:
        self.deal.step(self.deal.site.officer, self.deal.contract, "revoke", moment, note="客户退房，已获批准")

    def _refund(self, moment: datetime) -> None:
        """Money goes back to whoever paid, to the fen."""
        deal = self.deal
        query = select(Refund).where(Refund.account_id == deal.account.id, Refund.state == RefundState.PENDING)
        for number, refund in enumerate(deal.session.scalars(query.order_by(Refund.id)).all(), 1):
            deal.step(
                deal.site.cashier, refund, "pay", moment, paid_on=moment.date(), credited=Credited.SUPERVISED,
                payee_account="6200 0000 0000 1234 567", reference=f"TK{moment:%y%m%d}{deal.number:04d}{number}",
            )  # fmt: skip
