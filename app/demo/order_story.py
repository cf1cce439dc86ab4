"""How one order of the demo world is told: every act by the right person at its own moment, through the flows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.demo.payments import enter
from app.demo.world import World, travel
from app.features.customers.models import Customer
from app.features.deals.changes.effects import fill_from_order
from app.features.deals.changes.models import ChangeKind, ChangeRequest, FaultOf
from app.features.deals.contracts.effects import copy_order
from app.features.deals.contracts.models import Contract, Form
from app.features.deals.discounts.effects import price_request
from app.features.deals.discounts.models import DiscountRequest
from app.features.deals.reservations.locking import lock_unit
from app.features.deals.reservations.models import Buyer, Ownership, Reservation
from app.features.deals.reservations.price import price_order
from app.features.payments.effects import account_of, plan_rows_of
from app.features.payments.models import FundKind, OrderAccount
from app.features.pricing.effects import quote
from app.features.units.models import Unit, Works
from app.kernel.actors import Actor, acting_as
from app.kernel.approval.engine import current_step, decide, open_of
from app.kernel.posts import Post
from app.kernel.workflow import as_step, fire

CAST = {
    "JPYL": {
        Post.SUPERVISOR: "supervisor", Post.SITE_MANAGER: "site_manager", Post.PROJECT_MANAGER: "project_manager",
        Post.CLERK: "clerk", Post.CONTRACT_OFFICER: "contract_officer", Post.DEVELOPER_SITE: "developer_site",
        Post.DEVELOPER_FINANCE: "developer_finance", Post.DEVELOPER_LEGAL: "developer_legal", Post.DEVELOPER_LEAD: "developer_lead",
        Post.DEVELOPER_SERVICE: "developer_service",
    },
    "CH1": {
        Post.SUPERVISOR: "other_supervisor", Post.SITE_MANAGER: "other_site_manager",
        Post.PROJECT_MANAGER: "other_project_manager", Post.CLERK: "other_clerk",
        Post.CONTRACT_OFFICER: "other_contract_officer", Post.DEVELOPER_SITE: "other_site",
        Post.DEVELOPER_FINANCE: "other_finance", Post.DEVELOPER_LEAD: "other_lead",
    },
}  # fmt: skip
DEPOSIT = Decimal(20000)
KINDS = {
    "定金": FundKind.DEPOSIT,
    "首期": FundKind.FIRST_PAYMENT,
    "按揭": FundKind.BANK_LOAN,
    "公积金": FundKind.FUND_LOAN,
}


@dataclass
class Deal:
    """One customer and one unit in a project; the ids of the papers as they come."""

    session: Any
    world: World
    code: str
    seller: str
    unit_id: int
    scheme_id: int
    customer_id: int = 0
    order_id: int = 0
    contract_id: int = 0

    # --- who acts ---------------------------------------------------------------------------------------------
    @contextmanager
    def by(self, who: Post | str, moment: datetime) -> Iterator[Actor]:
        """It is this moment and the person of the post (or with this login) acts; one look at his posts a day."""
        login = CAST[self.code][who] if isinstance(who, Post) else who
        known = self.world.kept.setdefault("actors", {})
        key = (login, moment.date())
        if key not in known:
            known[key] = self.world.actor(login, moment)
        with travel(moment), acting_as(known[key]):
            yield known[key]

    def step(self, paper: Any, name: str, who: Post | str, moment: datetime, note: str = "", **form: Any) -> None:
        """The person takes a step."""
        with self.by(who, moment) as actor:
            fire(self.session, paper, name, actor, note=note, **form)

    def decide(
        self, paper: Any, moment: datetime, verdict: str = "approve", opinion: str = "同意", **values: Any
    ) -> Post:
        """Whoever has to decide the paper now does; returns his post. Raises LookupError when nothing waits."""
        request = open_of(self.session, paper)
        station = current_step(request) if request is not None else None
        if request is None or station is None:
            raise LookupError(f"{paper}: nothing to decide")
        post = Post(station.post)
        with self.by(post, moment) as actor:
            decide(self.session, request.id, station.id, actor, verdict, opinion, **values)
        return post

    def made(self, paper: Any, who: Post | str, moment: datetime) -> Any:
        """A new paper, written by the person."""
        with self.by(who, moment) as actor, as_step(self.session):
            paper.created_by = actor.person_id
            self.session.add(paper)
            self.session.flush()
        return paper

    # --- the papers -------------------------------------------------------------------------------------------
    @property
    def order(self) -> Reservation:
        return self.session.get_one(Reservation, self.order_id)

    @property
    def contract(self) -> Contract:
        return self.session.get_one(Contract, self.contract_id)

    @property
    def unit(self) -> Unit:
        return self.session.get_one(Unit, self.unit_id)

    @property
    def customer(self) -> Customer:
        return self.session.get_one(Customer, self.customer_id)

    @property
    def account(self) -> OrderAccount:
        found = account_of(self.session, self.order_id)
        if found is None:
            raise LookupError(f"order {self.order_id} has no account")
        return found

    def lock(self, moment: datetime) -> None:
        """销控 by the consultant."""
        with self.by(self.seller, moment) as actor:
            self.order_id = lock_unit(self.session, actor, self.unit_id, self.customer_id).id

    def ask_discount(self, percent: str, reason: str, moment: datetime) -> DiscountRequest:
        """特殊折扣单 for so many percent below the public price, submitted."""
        with self.by(self.seller, moment) as actor:
            public = quote(self.session, self.unit, self.scheme_id).public_total
            asked = (public * (1 - Decimal(percent) / 100)).quantize(Decimal(1)) + 1
            paper = DiscountRequest(
                project_id=self.unit.project_id, unit_id=self.unit_id, customer_id=self.customer_id, scheme_id=self.scheme_id,
                asked_total=asked, reason=reason, wanted_until=(moment + timedelta(days=5)).date(), owner_id=actor.person_id,
                customer_name=self.customer.name, team_id=self.customer.team_id,
            )  # fmt: skip
            price_request(self.session, paper, self.unit)
            self.made(paper, self.seller, moment)
            fire(self.session, paper, "submit", actor)
        return paper

    def grant(self, paper: DiscountRequest, moment: datetime) -> None:
        """The post whose authority suffices agrees to what was asked."""
        self.decide(
            paper,
            moment,
            opinion="同意，下不为例",
            granted_total=paper.asked_total,
            valid_until=(moment + timedelta(days=5)).date(),
        )

    def fill(self, moment: datetime, total: Decimal | None = None, buyers: int = 1) -> None:
        """Payment, price and buyers as the form writes them."""
        with self.by(self.seller, moment), as_step(self.session):
            order = self.order
            order.scheme_id, order.total, order.deposit = self.scheme_id, total, DEPOSIT
            order.ownership = Ownership.SOLE if buyers == 1 else Ownership.JOINT
            order.loan_bank, order.loan_years = "江城银行滨江支行", 30
            price_order(self.session, order, self.unit)
            for number in range(buyers):
                name = order.customer_name if number == 0 else order.customer_name[0] + "雅宁"
                self.session.add(
                    Buyer(
                        reservation_id=order.id, name=name, id_number=_identity(self.world), project_id=order.project_id,
                        owner_id=order.owner_id, team_id=order.team_id, partner_id=order.partner_id,
                    )
                )  # fmt: skip
            self.session.flush()
            self.session.expire(order, ["buyers"])

    def submit(self, moment: datetime) -> None:
        """To the supervisor."""
        self.step(self.order, "submit", self.seller, moment)

    def pay(self, kind: FundKind, amount: Decimal, moment: datetime, *, confirmed: bool = True) -> None:
        """Entered by the clerk, confirmed by 甲方财务 the same hour."""
        clerk = CAST[self.code][Post.CLERK]
        receipt = enter(self.session, self.world, self.account, kind, amount, moment, clerk=clerk)
        if confirmed:
            self.step(
                receipt, "confirm", Post.DEVELOPER_FINANCE, moment + timedelta(minutes=25), arrived_on=moment.date()
            )

    def pay_rows(self, moment: datetime, *, instalment: int | None = None) -> None:
        """Everything that the buyer or the bank owes by that day (or of one instalment)."""
        for line in plan_rows_of(self.session, self.account):
            rest = line.amount - line.confirmed
            due = (
                line.instalment == instalment
                if instalment
                else line.due_on is not None and line.due_on <= moment.date()
            )
            if rest > 0 and due:
                self.pay(KINDS.get(line.kind.value, FundKind.PRICE), rest, moment)

    def take_effect(self, moment: datetime) -> None:
        """Approved, signed, the deposit confirmed, sealed."""
        self.decide(self.order, moment, opinion="资料齐全，同意")
        self.step(self.order, "customer_sign", self.seller, moment + timedelta(minutes=20), on=moment.date())
        self.pay(FundKind.DEPOSIT, DEPOSIT, moment + timedelta(minutes=35))
        self.step(self.order, "seal", Post.DEVELOPER_SITE, moment + timedelta(minutes=90), on=moment.date())

    def draft_contract(self, moment: datetime, *, changed: bool = False) -> None:
        """A draft with everything taken over from the order."""
        with self.by(Post.CONTRACT_OFFICER, moment):
            paper = Contract(
                reservation_id=self.order_id, terms_changed=changed, papers_complete=True, key_keeper="许静",
                form=Form.READY if self.unit.building.works is Works.DONE else Form.PRESALE,
                handover_on=moment.date() + timedelta(days=420), paper_no=f"LY{self.order_id:05d}",
            )  # fmt: skip
            copy_order(paper, self.order)
        self.contract_id = self.made(paper, Post.CONTRACT_OFFICER, moment).id

    def approve_contract(self, moment: datetime) -> None:
        """Submitted and decided by the whole chain, one a quarter of an hour after the other."""
        self.step(self.contract, "submit", Post.CONTRACT_OFFICER, moment)
        while open_of(self.session, self.contract) is not None:
            moment += timedelta(minutes=15)
            self.decide(self.contract, moment)

    def enter_terms(self, moment: datetime) -> None:
        """Mode A: 网签录入."""
        number = f"{moment:%Y}-{self.contract_id:05d}"
        self.step(
            self.contract, "enter", Post.CONTRACT_OFFICER, moment, online_no=f"W{number}", contract_no=f"YS{number}"
        )

    def sign(self, moment: datetime) -> None:
        """The first instalment paid, both sides signed; in mode B on paper."""
        on = moment.date()
        self.pay_rows(moment, instalment=1)
        self.step(self.contract, "buyer_sign", Post.CONTRACT_OFFICER, moment + timedelta(minutes=40), on=on)
        self.step(self.contract, "seller_seal", Post.DEVELOPER_SITE, moment + timedelta(minutes=70), on=on)
        last = moment + timedelta(minutes=80)
        if self.code == "CH1":
            self.step(
                self.contract,
                "sign_on_paper",
                Post.CONTRACT_OFFICER,
                last,
                on=on,
                contract_no=f"CH-{self.contract_id:05d}",
            )
        else:
            self.step(self.contract, "sign", Post.CONTRACT_OFFICER, last, on=on)

    def go_online(self, moment: datetime) -> None:
        self.step(self.contract, "go_online", Post.CONTRACT_OFFICER, moment, on=moment.date())

    def file(self, moment: datetime) -> None:
        number = f"BA{moment:%Y}{self.contract_id:06d}"
        self.step(self.contract, "file", Post.CONTRACT_OFFICER, moment, on=moment.date(), filed_no=number)

    def collect(self, moment: datetime) -> None:
        self.step(self.contract, "collect", Post.CLERK, moment, on=moment.date())

    def ask_change(
        self, kind: ChangeKind, fault: FaultOf, reason: str, moment: datetime, share: str = "0"
    ) -> ChangeRequest:
        """退订, 挞定 or 退房, submitted."""
        paper = ChangeRequest(
            kind=kind,
            reservation_id=self.order_id,
            fault=fault,
            reason=reason,
            penalty_share=Decimal(share),
            fee=Decimal(0),
        )
        with self.by(self.seller, moment):
            fill_from_order(self.session, paper, self.order)
        self.made(paper, self.seller, moment)
        name = "submit_cancellation" if kind is ChangeKind.CANCELLATION else "submit"
        self.step(paper, name, self.seller, moment + timedelta(minutes=5))
        return paper


def _identity(world: World) -> str:
    """A well-formed number that nobody has: the sequence 000 is never given out."""
    born = date(1970, 1, 1) + timedelta(days=world.random.randrange(11000))
    body = f"110101{born:%Y%m%d}000"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
