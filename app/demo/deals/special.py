"""Orders that went another way: late, short of deposit, released, forfeited, withdrawn, revoked, or stuck at one station."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.demo.deals.changes import Ending
from app.demo.deals.deal import Deal
from app.demo.deals.sold import SELLERS
from app.demo.deals.timetable import Life
from app.demo.world import World, travel
from app.features.deals.changes.models import ChangeKind, FaultOf
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.workflow import fire

CANCELLATION, FORFEITURE, WITHDRAWAL = ChangeKind.CANCELLATION, ChangeKind.FORFEITURE, ChangeKind.WITHDRAWAL
BUYER, SELLER, NOBODY = FaultOf.BUYER, FaultOf.SELLER, FaultOf.NOBODY
LENT, CASH, PARTS = "商业按揭", "一次性付款", "分期付款"

# home, 付款方式, days ago, last stage of the order, then the change: kind, fault, why, days after the order, its last stage
ENDINGS: tuple[tuple[str, str, int, str, ChangeKind, FaultOf, str, int, str], ...] = (
    ("2栋1单元501", LENT, 38, "seal", FORFEITURE, BUYER, "逾期未签约，催签函和解除通知均已送达", 16, ""),
    ("2栋1单元602", LENT, 33, "collect", WITHDRAWAL, NOBODY, "银行预审未通过，双方协商退订", 9, ""),
    ("2栋1单元703", LENT, 74, "file", CANCELLATION, BUYER, "客户工作调动，要求退房", 26, ""),
    ("2栋1单元803", CASH, 41, "file", CANCELLATION, NOBODY, "家庭变故，双方协商解除", 27, "execute"),
    ("2栋1单元901", LENT, 45, "online", CANCELLATION, BUYER, "资金周转困难", 41, "revoke"),
    ("2栋1单元902", LENT, 52, "online", CANCELLATION, SELLER, "户型变更未书面告知", 41, "accept"),
    ("2栋1单元1001", LENT, 31, "online", CANCELLATION, BUYER, "夫妻离异，房屋分割未达成一致", 29, "manager"),
    ("2栋1单元1002", CASH, 13, "collect", WITHDRAWAL, NOBODY, "限购政策核查未通过", 11, "manager"),
    ("2栋1单元1101", LENT, 26, "seal", FORFEITURE, BUYER, "失联超过二十天，解除通知已妥投", 22, "lead"),
    ("2栋1单元1103", LENT, 21, "collect", WITHDRAWAL, NOBODY, "客户称看中别的楼盘", 8, "refuse"),
    ("2栋1单元1201", LENT, 10, "collect", WITHDRAWAL, NOBODY, "客户一时反悔", 5, "void"),
    ("2栋1单元1203", LENT, 7, "collect", WITHDRAWAL, SELLER, "样板房与交付标准不一致", 6, "draft"),
    ("2栋1单元1301", CASH, 16, "collect", FORFEITURE, BUYER, "逾期十日未签约", 15, "supervisor"),
)
# home, 付款方式, days ago, last stage, what is special
STUCK: tuple[tuple[str, str, int, str, dict[str, Any]], ...] = (
    ("2栋1单元1302", LENT, 15, "collect", {}),  # 应签约 long past
    ("2栋1单元1303", CASH, 1, "material", {"paid_first": Decimal(5000)}),  # 欠定, within its days
    ("2栋1单元1401", LENT, 6, "collect", {"paid_first": Decimal(8000), "deposit": Decimal(30_000)}),  # 欠定, late
    ("2栋1单元1402", LENT, 4, "draft", {}),
    ("2栋1单元1403", CASH, 4, "hand_in", {}),
    ("2栋1单元1501", LENT, 4, "supervisor", {}),
    ("2栋1单元1502", LENT, 6, "manager", {"terms_changed": True}),  # waits for 甲方法务
    ("2栋1单元1503", PARTS, 5, "manager", {"couple": True}),
    ("2栋1单元1601", LENT, 7, "developer", {}),
    ("2栋1单元1602", LENT, 8, "enter", {}),
    ("2栋1单元1603", CASH, 9, "enter", {}),
    (
        "2栋1单元1803",
        LENT,
        14,
        "online",
        {"places": ("地下车库B1-001", "地下车库B1-002")},
    ),  # fitted out, with two places
    ("2栋1单元1003", CASH, 1, "submit", {"places": ("地下车库B1-003",)}),
    ("3栋1单元901", LENT, 9, "sign", {}),
    ("3栋1单元902", PARTS, 10, "sign", {"couple": True}),
    ("3栋1单元903", LENT, 29, "online", {}),  # 备案 due in a week
    ("3栋1单元904", LENT, 3, "deposit_entered", {}),  # paid, not confirmed for days
    ("3栋1单元1001", LENT, 2, "review", {}),  # nobody came to sign
)


def special(session: Any, world: World) -> Iterator[Life]:
    """The lives of orders with a story of their own."""
    for number, (home, scheme, ago, stop, kind, fault, why, days, end) in enumerate(ENDINGS):
        deal = Deal(session, world, home, SELLERS[number % 4], scheme, world.at(ago, 10, 40), stop)
        share = Decimal("0.03") if kind is CANCELLATION and fault is BUYER else Decimal(0)
        yield Ending(deal, kind, fault, why, days, end, share).life()
    for number, (home, scheme, ago, stop, more) in enumerate(STUCK):
        start = world.at(ago, 9 + number % 7, 25)
        yield Deal(session, world, home, SELLERS[number % 4], scheme, start, stop, **more).life()
    yield _released(Deal(session, world, "2栋1单元1801", "consultant1", LENT, world.at(8, 11), "review"))
    yield _run_out(Deal(session, world, "2栋1单元1802", "consultant2", LENT, world.at(5, 15), "lock"))
    yield _void(Deal(session, world, "2栋1单元1701", "consultant3", LENT, world.at(8, 14), "developer"))


def _released(deal: Deal) -> Life:
    """Approved, then given up before any money came."""
    yield from deal.life()
    moment = deal.later(100)
    yield moment
    deal.step(deal.site.supervisor, deal.order, "release", moment, note="客户改看 3栋，放弃这套")


def _run_out(deal: Deal) -> Life:
    """Locked and never handed in: the timer gives the home back."""
    yield from deal.life()
    moment = deal.later(31)
    yield moment
    _expire(deal, moment)


def _expire(deal: Deal, moment: datetime) -> None:
    with travel(moment), acting_as(SYSTEM):
        fire(deal.session, deal.order, "expire", SYSTEM, note="销控时间已到，自动释放", internal=True)


def _void(deal: Deal) -> Life:
    """The contract was approved, then the buyer asked for another 付款方式."""
    yield from deal.life()
    moment = deal.on(6, 9)
    yield moment
    deal.step(deal.site.officer, deal.contract, "void", moment, note="客户要求变更付款方式，另行起草")
