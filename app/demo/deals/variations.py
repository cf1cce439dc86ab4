"""Changes that leave the buyer with a flat: 换房, 更名, 增减名, 变更付款方式, 延期 — one executed, others on their way (02 §2.2.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.demo import invented
from app.demo.deals.buyers import new_customer, note_consent
from app.demo.deals.deal import Deal, Stage
from app.demo.deals.sold import SELLERS
from app.demo.deals.timetable import Life
from app.demo.files import Given
from app.demo.text_pdf import text_pdf
from app.demo.world import World
from app.features.deals.changes.effects import fill_from_order
from app.features.deals.changes.effects.buyers import propose_present
from app.features.deals.changes.models import ChangeKind, ChangeRequest, ChangeState, Proof, Relation
from app.features.deals.changes.rules import FACTS
from app.features.deals.reservations.models import Buyer, Standing
from app.features.payments.models import Receivable
from app.features.pricing.models import PaymentScheme, SchemeState
from app.features.units.models import Unit
from app.kernel.attachments import attach, receive
from app.kernel.transactions import write

K = ChangeKind
EXECUTES = {K.CO_BUYERS: "clerk", K.LATER_SIGNING: "clerk", K.LATER_PAYMENT: "clerk"}
STEPS = {
    K.EXCHANGE: "execute_exchange", K.RENAME: "execute_rename", K.CO_BUYERS: "execute_co_buyers", K.PAYMENT: "execute_payment",
    K.LATER_SIGNING: "execute_extension", K.LATER_PAYMENT: "execute_extension",
}  # fmt: skip
# stations of each kind, in the order of its chain; an extension by days is decided at one station
STATIONS = {K.RENAME: 4, K.LATER_SIGNING: 1, K.LATER_PAYMENT: 1}
LENT, CASH, PARTS = "商业按揭", "一次性付款", "分期付款"
# home, 付款方式, days ago, last stage of the order; the change, why, days after the order, its last stage, what is asked
VARIED: tuple[tuple[str, str, int, str, ChangeKind, str, int, str, dict[str, Any]], ...] = (
    ("2栋1单元201", LENT, 24, "collect", K.EXCHANGE, "老人同住，换到低楼层", 4, "", {"home": "2栋1单元202"}),
    ("2栋1单元203", CASH, 9, "collect", K.EXCHANGE, "想换朝南户型", 7, "manager", {"home": "2栋1单元103"}),
    ("2栋1单元502", CASH, 20, "collect", K.RENAME, "房子给儿子结婚用", 3, "", {"relation": Relation.CHILD}),
    ("2栋1单元503", LENT, 8, "collect", K.RENAME, "改由女儿购买", 6, "supervisor", {"relation": Relation.CHILD}),
    ("2栋1单元601", LENT, 18, "collect", K.CO_BUYERS, "婚后加上配偶", 3, "", {"relation": Relation.SPOUSE}),
    ("2栋1单元701", LENT, 30, "collect", K.PAYMENT, "银行拒贷，改一次付清", 9, "", {"scheme": CASH}),
    ("2栋1单元702", LENT, 12, "collect", K.PAYMENT, "公积金额度不足，改分期", 10, "manager", {"scheme": PARTS}),
    ("2栋1单元801", CASH, 9, "collect", K.LATER_SIGNING, "客户出差，下周回来签", 5, "", {"days": 2}),
    ("2栋1单元802", LENT, 5, "collect", K.LATER_SIGNING, "等外地材料寄到", 3, "submit", {"days": 12}),
    ("2栋1单元1703", PARTS, 17, "sign", K.LATER_PAYMENT, "年终奖晚几天发放", 10, "", {"days": 3}),
    ("2栋1单元903", PARTS, 12, "sign", K.LATER_PAYMENT, "理财到期日晚三天", 9, "submit", {"days": 3}),
    ("2栋2单元401", LENT, 26, "sign", K.PAYMENT, "银行少批贷款，其余自付", 14, "", {"scheme": LENT, "loan": 500_000, "signs": 3}),
)  # fmt: skip


@dataclass
class Variation:
    """One change of a deal; `stop` = its last stage."""

    deal: Deal
    kind: ChangeKind
    reason: str
    days: int
    stop: str
    asked: dict[str, Any]
    paper: ChangeRequest = field(init=False)

    def life(self) -> Life:
        """First the order, then the customer of a 更名, then what changes."""
        yield from self.deal.life()
        if self.kind is K.RENAME:
            met = self.deal.on(self.days - 1, 10)
            yield met
            self._meet(met)
        for name, moment, deed in self._stages():
            yield moment
            deed(moment)
            if name == self.stop:
                return

    def _stages(self) -> Iterator[Stage]:
        on, days = self.deal.on, self.days
        yield "draft", on(days, 9, 40), self._draft
        if self.kind in (K.RENAME, K.CO_BUYERS):
            yield "prove", on(days, 9, 55), self._prove
        yield "submit", on(days, 10, 5), self._submit
        names = ("supervisor", "manager", "third", "fourth")
        for number, name in enumerate(names[: STATIONS.get(self.kind, 3)]):
            yield name, on(days + number // 2, 11 + 4 * (number % 2)), self._agree
        yield "execute", on(days + 2, 15), self._execute
        if "signs" in self.asked:
            yield "supplement", on(days + 2 + self.asked["signs"], 11), self._sign_supplement

    def _meet(self, moment: datetime) -> None:
        deal = self.deal
        self.heir = new_customer(deal.session, deal.world, deal.site.code, deal.seller, moment)
        with deal.world.acting(deal.seller, moment + timedelta(minutes=5)) as who:
            note_consent(deal.session, self.heir, who)

    def _draft(self, moment: datetime) -> None:
        deal = self.deal
        with deal.world.acting(deal.seller, moment) as who:

            def work() -> None:
                paper = ChangeRequest(
                    kind=self.kind, reservation_id=deal.order.id, reason=self.reason, created_by=who.person_id, penalty_share=0, fee=0,
                    state=ChangeState.DRAFT, **({"loan_bank": ""} | self._fields(moment)),
                )  # fmt: skip
                with deal.session.no_autoflush:
                    fill_from_order(deal.session, paper, deal.order)
                deal.session.add(paper)
                deal.session.flush()
                self._propose(paper)
                self.paper = paper

            write(deal.session, work)

    def _fields(self, moment: datetime) -> dict[str, Any]:
        """What is asked, from the names of the table."""
        session, project_id, asked = self.deal.session, self.deal.world.projects[self.deal.site.code].id, self.asked
        found: dict[str, Any] = {}

        def later(day: Any) -> Any:
            return day + timedelta(days=asked["days"])

        if "home" in asked:
            query = select(Unit.id).where(Unit.project_id == project_id, Unit.full_name == asked["home"])
            found["new_unit_id"] = session.scalars(query).one()
        if "scheme" in asked:
            named = PaymentScheme.project_id == project_id, PaymentScheme.name == asked["scheme"]
            found["new_scheme_id"] = session.scalars(
                select(PaymentScheme.id).where(*named, PaymentScheme.state == SchemeState.ACTIVE)
            ).one()
        if "loan" in asked:  # the total stays: the signed contract lives on, with a 补充协议
            found |= {"loan_bank": self.deal.site.bank, "loan_amount": Decimal(asked["loan"]), "loan_years": 30}
        if "relation" in asked:
            found |= {"relation": asked["relation"], "consent_on": moment.date()}
        if self.kind is K.RENAME:
            found["new_customer_id"] = self.heir.id
        if self.kind is K.LATER_SIGNING:
            found["new_due_on"] = later(self.deal.order.sign_due_on)
        if self.kind is K.LATER_PAYMENT:
            row = self._open_row()
            found |= {"receivable_id": row.id, "new_due_on": later(row.due_on)}
        return found

    def _open_row(self) -> Any:
        query = select(Receivable).where(
            Receivable.account_id == self.deal.account.id, Receivable.received < Receivable.amount
        )
        return self.deal.session.scalars(query.order_by(Receivable.due_on, Receivable.id)).first()

    def _propose(self, paper: ChangeRequest) -> None:
        if self.kind not in (K.RENAME, K.CO_BUYERS):
            return
        deal, chance = self.deal, self.deal.world.random
        if self.kind is K.CO_BUYERS:
            propose_present(deal.session, paper, deal.order)
        name = self.heir.name if self.kind is K.RENAME else invented.name(chance, male=False)
        deal.session.add(Buyer(
            project_id=paper.project_id, owner_id=paper.owner_id, partner_id=paper.partner_id, team_id=paper.team_id,
            reservation_id=paper.reservation_id, change_id=paper.id, standing=Standing.PROPOSED, name=name,
            id_number=invented.id_card(chance),
        ))  # fmt: skip
        deal.session.flush()

    def _prove(self, moment: datetime) -> None:
        """关系证明 of the relatives, as a scan."""
        name, proof = (
            ("结婚证", Proof.MARRIAGE) if self.asked["relation"] is Relation.SPOUSE else ("户口簿", Proof.HOUSEHOLD)
        )
        self._with_scan(self.deal.seller, "prove", moment, name, f"{name}复印件，与原件核对无误。", proof=proof)

    def _sign_supplement(self, moment: datetime) -> None:
        """The 补充协议 comes back signed and sealed."""
        words = "双方同意变更付款方式，合同其他条款不变。"
        self._with_scan("clerk", "sign_supplement", moment, "补充协议", words, on=moment.date())

    def _with_scan(self, login: str, step: str, moment: datetime, name: str, words: str, **form: Any) -> None:
        deal = self.deal
        with deal.world.acting(login, moment) as who:
            given = receive(deal.session, who, Given(f"{name}.pdf", text_pdf(((name, words),))))
        deal.step(login, self.paper, step, moment, file=given, **form)
        with deal.world.acting(login, moment) as who:
            write(deal.session, lambda: attach(deal.session, who, self.paper, given))

    def _submit(self, moment: datetime) -> None:
        self.deal.step(self.deal.seller, self.paper, f"submit_{FACTS[self.kind].chain}", moment)

    def _agree(self, moment: datetime) -> None:
        if self.paper.state is ChangeState.REVIEW:  # a small extension ends with the supervisor
            self.deal.decide(self.paper, moment)

    def _execute(self, moment: datetime) -> None:
        while self.paper.state is ChangeState.REVIEW:  # a falling total asks 甲方负责人, too
            self._agree(moment)
        login = EXECUTES.get(self.kind, self.deal.site.cashier)
        form = {"signed_on": moment.date()} if self.kind is K.EXCHANGE else {}
        self.deal.step(login, self.paper, STEPS[self.kind], moment, **form)


def varied(session: Any, world: World) -> Iterator[Life]:
    """The lives of orders that change on their way."""
    for number, (home, scheme, ago, stop, kind, why, days, end, asked) in enumerate(VARIED):
        deal = Deal(session, world, home, SELLERS[number % 4], scheme, world.at(ago, 11, 20), stop)
        yield Variation(deal, kind, why, days, end, asked).life()
