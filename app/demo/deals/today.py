"""What goes on right now: locks with a running timer, orders and concessions that wait for each post, what was signed today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from app.demo.deals.concessions import Concession
from app.demo.deals.contracts import contract_stages
from app.demo.deals.deal import Deal
from app.demo.deals.sites import LAKE
from app.demo.deals.timetable import Life
from app.demo.world import World, travel
from app.features.deals.discounts.effects import expire_papers
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.finding import current_step, open_of
from app.kernel.approval.paper import record
from app.kernel.approval.records import Medium

LENT, CASH, FUND = "商业按揭", "一次性付款", "组合贷款"
# home, consultant, 付款方式, minutes ago, last stage
ORDERS = (
    ("3栋1单元1002", "consultant1", LENT, 3, "lock"),
    ("3栋1单元1003", "consultant3", CASH, 12, "fill"),
    ("3栋2单元1203", "consultant2", LENT, 24, "extend"),
    ("3栋2单元1204", "consultant1", LENT, 32, "submit"),
    ("3栋2单元1201", "consultant4", FUND, 38, "submit"),
    ("2栋1单元301", "consultant2", CASH, 55, "submit"),
    ("2栋1单元302", "consultant1", LENT, 66, "deposit_entered"),
    ("2栋1单元303", "consultant4", CASH, 78, "deposit_entered"),
    ("2栋1单元401", "consultant3", LENT, 95, "customer_sign"),
    ("2栋1单元402", "consultant2", LENT, 150, "material"),
    ("2栋1单元403", "consultant1", CASH, 200, "material"),
)
# home, consultant, percent below the public price, minutes ago: one waits for each post of the chain
ASKED = (
    ("3栋1单元301", "consultant1", "0.4", 8),
    ("3栋1单元302", "consultant2", "0.9", 17),
    ("3栋1单元303", "consultant3", "1.4", 21),
    ("3栋1单元304", "consultant1", "1.9", 26),
    ("3栋1单元401", "consultant4", "2.6", 34),
)
NOTED = ("3栋1单元402", "consultant2", "1.8", 48)  # 甲方 answered by telephone, the clerk noted it
# home, consultant, percent, days ago, how it ended
OLD = (
    ("3栋1单元403", "consultant1", "0.4", 1, "draft"),
    ("3栋1单元404", "consultant1", "0.8", 1, "grant"),
    ("3栋1单元501", "consultant2", "1.2", 15, "expire"),
    ("3栋1单元502", "consultant3", "2.8", 9, "refuse"),
    ("3栋1单元503", "consultant4", "0.6", 6, "void"),
)


def today(session: Any, world: World, clock: datetime) -> Iterator[Life]:
    """Lives that end in these hours; clock = now, so that timers run and nothing lies ahead."""
    for home, seller, scheme, ago, stop in ORDERS:
        deal = Deal(session, world, home, seller, scheme, clock - timedelta(minutes=ago), stop)
        yield _extended(deal) if stop == "extend" else deal.life()
    yield Deal(
        session, world, "2栋1单元301", "other_consultant", LENT, clock - timedelta(minutes=40), "submit", site=LAKE
    ).life()
    for home, seller, percent, ago in (*ASKED, NOTED):
        deal = Deal(session, world, home, seller, LENT, clock - timedelta(minutes=ago))
        yield _asked(deal, Decimal(percent), noted=home == NOTED[0])
    for home, seller, percent, days, end in OLD:
        yield _answered(Deal(session, world, home, seller, CASH, world.at(days, 14, 10)), Decimal(percent), end)
    signing = Deal(session, world, "3栋1单元1004", "consultant2", LENT, world.at(8, 10), "seller_seal", couple=True)
    yield _signed_at(signing, clock - timedelta(minutes=28))


def _extended(deal: Deal) -> Life:
    """Filled in late: the supervisor gave fifteen minutes more."""
    deal.stop = "fill"
    yield from deal.life()
    moment = deal.later(20)
    yield moment
    deal.step(deal.site.supervisor, deal.order, "extend", moment)


def _asked(deal: Deal, percent: Decimal, *, noted: bool) -> Life:
    """A concession for a home on sale that waits for its post, or for the check of what the clerk noted."""
    yield from deal.meet()
    paper = Concession(deal, percent)
    yield deal.start
    paper.ask(deal.start)
    if noted:
        yield deal.later(20)
        _note(deal, paper, deal.later(20))


def _note(deal: Deal, asked: Concession, moment: datetime) -> None:
    """代录 of a word on the telephone (02 §2.1.3 b); its paper is due within a day."""
    request = open_of(deal.session, asked.paper)
    station = current_step(request) if request is not None else None
    if request is None or station is None:
        raise LookupError(deal.home)
    values: dict[str, Any] = {"granted_total": asked.paper.asked_total, "valid_until": asked.paper.wanted_until}
    with deal.world.acting(deal.site.clerk, moment) as who:
        record(
            deal.session, request.id, station.id, who, medium=Medium.ORAL, verdict="approve", opinion="同意这个价，尽快签",
            decider_id=deal.world.people[deal.site.seal].id, attachment_id=None, **values,
        )  # fmt: skip


def _answered(deal: Deal, percent: Decimal, end: str) -> Life:
    """A concession of an earlier day that no order used."""
    yield from deal.meet()
    paper = Concession(deal, percent)
    yield deal.start
    paper.draft(deal.start)
    if end == "draft":
        return
    yield deal.later(5)
    paper.submit(deal.later(5))
    yield deal.later(30)
    (paper.refuse if end == "refuse" else paper.grant)(deal.later(30))
    if end == "void":
        yield deal.later(300)
        deal.step(deal.seller, paper.paper, "void", deal.later(300), note="客户改看其他楼盘")
    if end == "expire":
        moment = deal.on(6, 0, 10)
        yield moment
        with travel(moment), acting_as(SYSTEM):
            expire_papers(deal.session)


def _signed_at(deal: Deal, moment: datetime) -> Life:
    """Both sides have signed; the contract officer completes it today."""
    yield from deal.life()
    sign = next(deed for name, _moment, deed in contract_stages(deal) if name == "sign")
    yield moment
    sign(moment)
