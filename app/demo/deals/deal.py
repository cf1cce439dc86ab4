"""The life of one 认购书 from 销控 to 有效, each deed by the person whose post it is; contracts.py goes on from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.demo.approvals import answer
from app.demo.deals.buyers import known_customer, new_customer, note_consent, write_buyers
from app.demo.deals.concessions import Concession
from app.demo.deals.sites import RIVER, Site
from app.demo.deals.timetable import Life
from app.demo.payments import enter, pay
from app.demo.world import World
from app.features.customers.models import Customer
from app.features.deals.reservations.attaching import choose_attached
from app.features.deals.reservations.locking import lock_unit
from app.features.deals.reservations.models import Reservation
from app.features.deals.reservations.price import price_order
from app.features.payments.effects import account_of
from app.features.payments.models import FundKind, OrderAccount
from app.features.pricing.models import PaymentScheme, SchemeKind, SchemeState
from app.features.units.models import Unit
from app.kernel.approval.finding import current_step, open_of
from app.kernel.posts import Post
from app.kernel.transactions import write
from app.kernel.workflow import fire

Deed = Callable[[datetime], None]
Stage = tuple[str, datetime, Deed]  # its name, when, what is done
LENT = (SchemeKind.MORTGAGE, SchemeKind.COMBINED)
FUND_LOAN = Decimal(300_000)  # of a 组合贷款


@dataclass
class Deal:
    """One order: which home, whose customer, how it is paid, when it begins; `stop` = the last stage that happens.

    Without stop it goes on in its natural pace and stands today where it came to. extra: percent below the public price,
    granted by the post that 02 §2.3.2 names; paid_first: what of the 定金 comes at once.
    """

    session: Any
    world: World
    home: str
    seller: str
    scheme: str
    start: datetime
    stop: str = ""
    site: Site = RIVER
    extra: Decimal | None = None
    deposit: Decimal = Decimal(20_000)
    paid_first: Decimal | None = None
    couple: bool = False
    terms_changed: bool = False
    pays_later: bool = True
    places: tuple[str, ...] = ()  # 车位 that are bought along
    number: int = field(init=False)
    customer: Customer = field(init=False)
    order: Reservation = field(init=False)
    contract: Any = field(init=False, default=None)
    concession: Concession | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.number = self.world.kept["deals"] = self.world.kept.get("deals", 0) + 1

    def life(self) -> Life:
        """Everything that happens, stage by stage."""
        from app.demo.deals.contracts import contract_stages

        yield from self.meet()
        for name, moment, deed in (*self._before(), *self._stages(), *contract_stages(self)):
            yield moment
            deed(moment)
            if name == self.stop:
                return

    def meet(self) -> Life:
        """The customer: somebody known, else a first visit some days before."""
        known = known_customer(self.session, self.world, self.seller, self.start - timedelta(days=1))
        if known is not None:
            self.customer = known
            return
        met = self.start - timedelta(days=2 + self.number % 4)
        yield met
        self.customer = new_customer(self.session, self.world, self.site.code, self.seller, met)

    def later(self, minutes: int) -> datetime:
        """So many minutes after the lock."""
        return self.start + timedelta(minutes=minutes)

    def on(self, days: int, hour: int, minute: int = 0) -> datetime:
        """A clock time so many days after the lock; not every order at the same minute."""
        day = self.start.date() + timedelta(days=days)
        return datetime.combine(day, time(hour, minute)) + timedelta(minutes=self.number % 23)

    @property
    def unit(self) -> Unit:
        project_id = self.world.projects[self.site.code].id
        query = select(Unit).where(Unit.project_id == project_id, Unit.full_name == self.home)
        unit: Unit = self.session.scalars(query).one()
        return unit

    @property
    def paid_by(self) -> PaymentScheme:
        project_id = self.world.projects[self.site.code].id
        query = select(PaymentScheme).where(
            PaymentScheme.project_id == project_id,
            PaymentScheme.name == self.scheme,
            PaymentScheme.state == SchemeState.ACTIVE,
        )
        scheme: PaymentScheme = self.session.scalars(query).one()
        return scheme

    @property
    def account(self) -> OrderAccount:
        account = account_of(self.session, self.order.id)
        if account is None:
            raise LookupError(f"{self.home}: no account yet")
        return account

    def _before(self) -> Iterator[Stage]:
        """The concession is asked for before the lock, whose half hour would not suffice."""
        if self.extra is None:
            return
        self.concession = Concession(self, self.extra)
        yield "ask", self.start - timedelta(hours=20), self.concession.ask
        yield "grant", self.start - timedelta(hours=19, minutes=20), self.concession.grant

    def _stages(self) -> Iterator[Stage]:
        yield "lock", self.start, self._lock
        yield "fill", self.later(9), self._fill
        yield "submit", self.later(14), self._submit
        yield "review", self.later(31), self._review
        yield "customer_sign", self.later(48), self._customer_sign
        yield "deposit_entered", self.later(63), self._enter_deposit
        yield "deposit", self.later(80), self._confirm_deposit
        yield "material", self.later(110), self._check_material
        yield "seal", self.on(1, 10, 15), self._seal
        yield "collect", self.on(2, 9, 40), self._collect

    def _lock(self, moment: datetime) -> None:
        with self.world.acting(self.seller, moment) as who:
            note_consent(self.session, self.customer, who)
            self.order = lock_unit(self.session, who, self.unit.id, self.customer.id)

    def _fill(self, moment: datetime) -> None:
        scheme, unit = self.paid_by, self.unit
        with self.world.acting(self.seller, moment) as who:

            def work() -> None:
                order = self.order
                order.scheme_id, order.deposit = scheme.id, self.deposit
                order.total = self.concession.granted if self.concession else None
                if scheme.kind in LENT:
                    order.loan_bank, order.loan_years = self.site.bank, 30
                if scheme.kind is SchemeKind.COMBINED:
                    order.fund_amount = FUND_LOAN
                price_order(self.session, order, unit)
                write_buyers(self.session, self.world, order, couple=self.couple)
                self.session.flush()
                if self.places:
                    choose_attached(self.session, order, set(self._place_ids()), who)

            write(self.session, work)

    def _place_ids(self) -> Sequence[int]:
        project_id = self.world.projects[self.site.code].id
        query = select(Unit.id).where(Unit.project_id == project_id, Unit.full_name.in_(self.places))
        found: Sequence[int] = self.session.scalars(query).all()
        return found

    def _submit(self, moment: datetime) -> None:
        self.step(self.seller, self.order, "submit", moment)

    def _review(self, moment: datetime) -> None:
        self.decide(self.order, moment, "approve", "价格、付款方式无误")

    def _customer_sign(self, moment: datetime) -> None:
        self.step(self.seller, self.order, "customer_sign", moment, on=moment.date())

    def _enter_deposit(self, moment: datetime) -> None:
        amount = self.paid_first or self.deposit
        self._receipt = enter(
            self.session, self.world, self.account, FundKind.DEPOSIT, amount, moment, clerk=self.site.clerk
        )

    def _confirm_deposit(self, moment: datetime) -> None:
        self.step(self.site.cashier, self._receipt, "confirm", moment, arrived_on=moment.date())

    def _check_material(self, moment: datetime) -> None:
        self.step(self.site.clerk, self.order, "check_material", moment, on=moment.date())

    def _seal(self, moment: datetime) -> None:
        self.step(self.site.seal, self.order, "seal", moment, on=moment.date())

    def _collect(self, moment: datetime) -> None:
        self.step(self.seller, self.order, "collect", moment, on=moment.date())

    def pay(self, kind: FundKind, amount: Decimal, moment: datetime) -> None:
        """Money comes and is confirmed the same hour."""
        desk = {"clerk": self.site.clerk, "cashier": self.site.cashier, "bank": self.site.bank}
        pay(self.session, self.world, self.account, kind, amount, moment, **desk)

    def step(self, login: str, paper: Any, name: str, moment: datetime, **form: Any) -> None:
        """A person takes a step of a paper."""
        with self.world.acting(login, moment) as who:
            fire(self.session, paper, name, who, **form)

    def decide(
        self, paper: Any, moment: datetime, verdict: str = "approve", opinion: str = "同意", **values: Any
    ) -> None:
        """Whoever the paper waits for decides it. Raises LookupError when it waits for nobody."""
        request = open_of(self.session, paper)
        station = current_step(request) if request is not None else None
        if station is None:
            raise LookupError(f"{paper}: nothing to decide")
        login = self.site.holder(Post(station.post))
        answer(self.session, self.world, paper, login, moment, verdict, opinion, **values)
