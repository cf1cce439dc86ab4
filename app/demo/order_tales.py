"""What happens to an order: the usual sale, and the tales that leave work on today's desks.

A tale acts on its deal and yields the moment at which it goes on; it simply ends where its work waits for a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from app.demo.order_story import DEPOSIT, Deal
from app.demo.world import World
from app.features.deals.changes.models import ChangeKind, FaultOf
from app.features.payments.models import FundKind
from app.kernel.base import now
from app.kernel.posts import Post

Telling = Callable[[Deal, datetime], Iterator[datetime]]
REASONS = ("老业主介绍，已对比竞品", "一次购两套", "付款快，当日定", "竞品同户型低两万")


@dataclass
class Tale:
    """Who sells what and when. unit: full name where it matters; minutes: before now, for what runs on a timer."""

    code: str
    seller: str
    days_ago: int
    tell: Telling
    unit: str = ""
    scheme: str = ""
    minutes: int = 0
    unit_id: int = 0

    def begin(self, world: World) -> datetime:
        """The moment of the lock."""
        if self.minutes:
            return now() - timedelta(minutes=self.minutes)
        if self.days_ago == 0:
            return min(world.at(0, 9, 10 + world.random.randrange(20)), now() - timedelta(minutes=40))
        return world.at(self.days_ago, 9 + world.random.randrange(7), world.random.randrange(60))


def after(moment: datetime, days: int = 0, hour: int = 10, minutes: int = 0) -> datetime:
    """So many days later at that hour; without days so many minutes later."""
    if not days:
        return moment + timedelta(minutes=minutes)
    return (moment + timedelta(days=days)).replace(hour=hour, minute=moment.minute)


def submitted(deal: Deal, moment: datetime, concession: str = "") -> Iterator[datetime]:
    """Locked, filled in and submitted; with a concession its paper is granted first."""
    total = None
    if concession:
        paper = deal.ask_discount(concession, deal.world.random.choice(REASONS), moment - timedelta(minutes=80))
        deal.grant(paper, moment - timedelta(minutes=50))
        total = paper.granted_total
    deal.lock(moment)
    deal.fill(after(moment, minutes=8), total, buyers=deal.world.random.choice((1, 1, 2)))
    deal.submit(after(moment, minutes=14))
    yield after(moment, minutes=15)


def effective(deal: Deal, moment: datetime, concession: str = "") -> Iterator[datetime]:
    """… approved, signed by the customer, the deposit confirmed."""
    yield from submitted(deal, moment, concession)
    deal.take_effect(after(moment, minutes=25))
    yield after(moment, minutes=130)


def contracted(deal: Deal, moment: datetime, concession: str = "") -> Iterator[datetime]:
    """… the contract approved and entered."""
    yield from effective(deal, moment, concession)
    days = deal.world.random.randrange(2, 6)
    yield after(moment, days)
    deal.draft_contract(after(moment, days))
    deal.approve_contract(after(moment, days, minutes=5))
    if deal.code == "JPYL":
        deal.enter_terms(after(moment, days, 14))
    yield after(moment, days, 15)


def signed(deal: Deal, moment: datetime, concession: str = "") -> Iterator[datetime]:
    """… and signed within the week."""
    yield from contracted(deal, moment, concession)
    yield after(moment, 6)
    deal.sign(after(moment, 6))


def sold(deal: Deal, moment: datetime) -> Iterator[datetime]:
    """The usual sale to its end: 网签, 备案, 领取, the loan and the later instalments as they fall due."""
    chance = deal.world.random
    concession = chance.choice(("0.4", "0.8", "1.3", "1.8", "2.4")) if chance.random() < 0.22 else ""
    yield from signed(deal, moment, concession)
    yield after(moment, 8)
    deal.go_online(after(moment, 8))
    yield after(moment, 24)
    deal.file(after(moment, 24))
    late = chance.random() < 0.08  # this buyer has not paid what came later
    for days in (40, 70, 100, 195):
        yield after(moment, days, 15)
        if days == 40:
            deal.collect(after(moment, days, 11))
        if not late:
            deal.pay_rows(after(moment, days, 15))


def locked_now(deal: Deal, moment: datetime) -> Iterator[datetime]:
    """On the timer."""
    deal.lock(moment)
    yield from ()


def in_review(deal: Deal, moment: datetime) -> Iterator[datetime]:
    """Waits for the supervisor."""
    yield from submitted(deal, moment)


def awaiting(deal: Deal, moment: datetime, *, paid: bool) -> Iterator[datetime]:
    """Approved; with paid=True signed, and the deposit waits at the cashier's desk."""
    yield from submitted(deal, moment)
    deal.decide(deal.order, after(moment, minutes=22), opinion="资料齐全，同意")
    if paid:
        deal.step(deal.order, "customer_sign", deal.seller, after(moment, minutes=28), on=moment.date())
        deal.pay(FundKind.DEPOSIT, DEPOSIT, after(moment, minutes=32), confirmed=False)


def short_of_deposit(deal: Deal, moment: datetime) -> Iterator[datetime]:
    """欠定: 8,000 of 20,000 came."""
    yield from submitted(deal, moment)
    deal.decide(deal.order, after(moment, minutes=22), opinion="欠定，三天内补齐")
    deal.step(deal.order, "customer_sign", deal.seller, after(moment, minutes=28), on=moment.date())
    deal.pay(FundKind.DEPOSIT, DEPOSIT * 2 / 5, after(moment, minutes=40))


def contract_waits(deal: Deal, moment: datetime, *, stations: int, changed: bool = False) -> Iterator[datetime]:
    """The contract is submitted and so many posts have agreed."""
    yield from effective(deal, moment)
    yield after(moment, 2)
    deal.draft_contract(after(moment, 2), changed=changed)
    deal.step(deal.contract, "submit", Post.CONTRACT_OFFICER, after(moment, 2, minutes=1))
    for number in range(stations):
        deal.decide(deal.contract, after(moment, 2, 11) + timedelta(minutes=20 * number))


def contract_approved(deal: Deal, moment: datetime) -> Iterator[datetime]:
    """To be entered with the authority."""
    yield from effective(deal, moment)
    yield after(moment, 3)
    deal.draft_contract(after(moment, 3))
    deal.approve_contract(after(moment, 3, minutes=5))


def signed_lately(deal: Deal, moment: datetime) -> Iterator[datetime]:
    """Signed, entered with the authority, not filed yet."""
    yield from signed(deal, moment)
    yield after(moment, 8)
    deal.go_online(after(moment, 8))


def asks_discount(deal: Deal, moment: datetime, *, percent: str) -> Iterator[datetime]:
    """The concession waits for the post that its size asks for."""
    deal.ask_discount(percent, deal.world.random.choice(REASONS), moment)
    yield from ()


def discount_granted(deal: Deal, moment: datetime) -> Iterator[datetime]:
    """Granted, to be used."""
    paper = deal.ask_discount("0.9", "同行推荐客户，付款快", moment)
    yield after(moment, minutes=25)
    deal.grant(paper, after(moment, minutes=25))


def discount_refused(deal: Deal, moment: datetime) -> Iterator[datetime]:
    """Refused with a reason."""
    paper = deal.ask_discount("3.5", "客户要求再降", moment)
    yield after(moment, minutes=50)
    deal.decide(paper, after(moment, minutes=50), "refuse", "幅度过大，按现行优惠执行")


def released(deal: Deal, moment: datetime) -> Iterator[datetime]:
    """Let go the same hour."""
    deal.lock(moment)
    yield after(moment, minutes=17)
    deal.step(deal.order, "release", deal.seller, after(moment, minutes=17), note="客户回家再商量")


def ended(
    deal: Deal, moment: datetime, *, kind: ChangeKind, fault: FaultOf, why: str, stations: int, executed: bool
) -> Iterator[datetime]:
    """退订 or 挞定 before the contract: so many posts have agreed; executed or not."""
    yield from effective(deal, moment)
    yield after(moment, 4)
    paper = deal.ask_change(kind, fault, why, after(moment, 4))
    for number in range(stations):
        deal.decide(paper, after(moment, 4, 13) + timedelta(minutes=30 * number))
    if executed:
        yield after(moment, 5)
        deal.step(paper, "execute", Post.DEVELOPER_FINANCE, after(moment, 5))


def cancelled(deal: Deal, moment: datetime, *, stations: int) -> Iterator[datetime]:
    """退房 of a filed contract; with the whole chain the filing is revoked and the unit is on sale again."""
    yield from signed(deal, moment)
    yield after(moment, 8)
    deal.go_online(after(moment, 8))
    yield after(moment, 22)
    deal.file(after(moment, 22))
    yield after(moment, 34)
    paper = deal.ask_change(ChangeKind.CANCELLATION, FaultOf.BUYER, "工作调往外地，全家搬迁", after(moment, 34), "0.03")
    for number in range(stations):
        deal.decide(paper, after(moment, 34, 13) + timedelta(minutes=30 * number))
    if stations < 4:
        return
    yield after(moment, 40)
    deal.step(deal.contract, "revoke", Post.CONTRACT_OFFICER, after(moment, 40), note=f"已批退房 {paper.number}")
    deal.step(deal.contract, "accept_revocation", Post.CONTRACT_OFFICER, after(moment, 40, 15))
    yield after(moment, 47)
    deal.step(deal.contract, "revoked", Post.CONTRACT_OFFICER, after(moment, 47))
    deal.step(paper, "execute", Post.DEVELOPER_FINANCE, after(moment, 47, 15))


_withdrawn = partial(ended, kind=ChangeKind.WITHDRAWAL, fault=FaultOf.NOBODY, why="贷款资格未通过，双方同意解除")
_forfeited = partial(ended, kind=ChangeKind.FORFEITURE, fault=FaultOf.BUYER, why="催签函期满未签约")
TODAYS: tuple[Tale, ...] = (
    Tale("JPYL", "consultant1", 0, locked_now, "3栋1单元1102", minutes=9),
    Tale("JPYL", "consultant2", 0, locked_now, "2栋2单元803", minutes=4),
    Tale("JPYL", "consultant1", 0, in_review, "3栋1单元903", "商业按揭"),
    Tale("JPYL", "consultant4", 0, in_review, "2栋1单元1002", "一次性付款"),
    Tale("JPYL", "consultant3", 1, partial(awaiting, paid=True), "3栋2单元601", "商业按揭"),
    Tale("JPYL", "consultant1", 1, partial(awaiting, paid=False), "3栋1单元702", "分期付款"),
    Tale("JPYL", "consultant2", 1, short_of_deposit, "3栋2单元1003", "商业按揭"),
    Tale("JPYL", "consultant1", 2, effective, "3栋1单元1203", "商业按揭"),
    Tale("JPYL", "consultant3", 3, effective, "2栋1单元1501", "一次性付款"),
    Tale("JPYL", "consultant4", 6, effective, "3栋2单元502", "商业按揭"),
    Tale("JPYL", "consultant2", 12, effective, "2栋2单元1401", "商业按揭"),
    Tale("JPYL", "consultant1", 5, partial(contract_waits, stations=0), "3栋1单元504", "商业按揭"),
    Tale("JPYL", "consultant2", 5, partial(contract_waits, stations=1), "3栋1单元604", "商业按揭"),
    Tale("JPYL", "consultant3", 6, partial(contract_waits, stations=2), "3栋2单元1101", "一次性付款"),
    Tale("JPYL", "consultant4", 5, partial(contract_waits, stations=2, changed=True), "2栋1单元602", "商业按揭"),
    Tale("JPYL", "consultant1", 6, contract_approved, "2栋2单元902", "一次性付款"),
    Tale("JPYL", "consultant3", 7, contracted, "3栋1单元1401", "商业按揭"),
    Tale("JPYL", "consultant2", 6, signed, "3栋2单元1304", "商业按揭"),
    Tale("JPYL", "consultant4", 10, signed_lately, "3栋1单元1001", "商业按揭"),
    Tale("JPYL", "consultant1", 14, signed_lately, "2栋1单元1203", "一次性付款"),
    Tale("JPYL", "consultant3", 28, signed_lately, "3栋2单元803", "商业按揭"),
    Tale("JPYL", "consultant1", 0, partial(asks_discount, percent="0.4"), "3栋2单元1402", "商业按揭"),
    Tale("JPYL", "consultant2", 0, partial(asks_discount, percent="0.9"), "2栋1单元1703", "商业按揭"),
    Tale("JPYL", "consultant3", 0, partial(asks_discount, percent="1.4"), "3栋1单元1501", "商业按揭"),
    Tale("JPYL", "consultant4", 0, partial(asks_discount, percent="1.9"), "5栋1单元1002", "一次性付款"),
    Tale("JPYL", "consultant1", 0, partial(asks_discount, percent="2.6"), "6栋1单元1101", "一次性付款"),
    Tale("JPYL", "consultant2", 1, discount_granted, "3栋1单元802", "商业按揭"),
    Tale("JPYL", "consultant3", 9, discount_refused, "2栋2单元501", "商业按揭"),
    Tale("JPYL", "consultant4", 2, released, "3栋2单元702", "商业按揭"),
    Tale("JPYL", "consultant2", 18, partial(_forfeited, stations=3, executed=True), "2栋2单元1102", "商业按揭"),
    Tale("JPYL", "consultant1", 16, partial(_withdrawn, stations=3, executed=True), "3栋1单元402", "商业按揭"),
    Tale("JPYL", "consultant3", 7, partial(_withdrawn, stations=3, executed=False), "3栋2单元304", "商业按揭"),
    Tale("JPYL", "consultant4", 6, partial(_withdrawn, stations=2, executed=False), "2栋1单元403", "商业按揭"),
    Tale("JPYL", "consultant1", 70, partial(cancelled, stations=4), "2栋1单元901", "一次性付款"),
    Tale("JPYL", "consultant2", 36, partial(cancelled, stations=2), "3栋2单元203", "一次性付款"),
    Tale("CH1", "other_consultant", 0, in_review, "1栋1单元602", "商业按揭"),
    Tale("CH1", "other_consultant", 3, effective, "1栋1单元703", "商业按揭"),
)  # fmt: skip
