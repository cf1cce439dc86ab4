"""付款方式, 销售方案, 甲方授权 and the first price lists of both projects; `change` is the one price change of the world."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.demo.approvals import agree
from app.demo.world import World, travel
from app.features.pricing.effects.lines import Prices, edit_lines
from app.features.pricing.models import (
    Mandate,
    PaymentScheme,
    PriceList,
    PriceNotice,
    PublicDiscount,
    SalesScheme,
    SchemeKind,
)
from app.features.pricing.rules import PriceRule, made_price
from app.features.units.models import RELEASED, SOLD, Building, PricingBasis, Product, Unit
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import Document
from app.kernel.readings import ReadReceipt
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire

FIRST = 272  # days ago: before the opening
CHAIN = {
    "JPYL": ("site_manager", "project_manager", "developer_site", "developer_lead", "clerk"),
    "CH1": ("other_site_manager", "other_project_manager", "other_site", "other_lead", "other_clerk"),
}
BASES = {"A": Decimal(13200), "B": Decimal(12800), "C": Decimal(12950)}  # yuan per ㎡ on the eleventh floor
PLAIN, SHOP, PARKING, STORE = Decimal(12600), Decimal(26000), Decimal(120000), Decimal(30000)
# project, name, days ago, the permits (short names of the world) whose units it prices; the last takes what is left over
LISTS = (
    ("JPYL", "开盘价目表", FIRST, ("first", "main"), "开盘定价，按周边成交均价上浮 2%"),
    ("JPYL", "5—7栋首期价目表", 94, ("third",), "三批推盘定价"),
    ("JPYL", "3栋高区价目表", 11, ("top",), "17—18 层取得预售证后定价"),
    ("CH1", "首期价目表", 224, ("other",), "首开定价"),
)
SCHEMES: tuple[tuple[str, SchemeKind, dict[str, Any]], ...] = (
    ("一次性付款", SchemeKind.LUMP_SUM, {"discount": Decimal("0.97"), "lump_sum_days": 7, "condition": "签约后 7 天内付清"}),
    (
        "商业按揭",
        SchemeKind.MORTGAGE,
        {
            "discount": Decimal("0.98"), "loan_share": Decimal("0.7"), "loan_step": Decimal(10000), "loan_days": 60,
            "condition": "首付三成以上",
        },
    ),
    (
        "分期付款",
        SchemeKind.INSTALMENTS,
        {"instalments": "30% 0\n30% 90\n40% 180", "row_step": Decimal(1), "condition": "半年内付清"},
    ),
    (
        "组合贷款",
        SchemeKind.COMBINED,
        {
            "discount": Decimal("0.99"), "loan_share": Decimal("0.7"), "loan_step": Decimal(10000), "loan_days": 75,
            "condition": "公积金连续缴存 12 个月以上",
        },
    ),
)  # fmt: skip


def load(session: Any, world: World) -> None:
    """Everything that must stand before the first release; one 付款方式 and one 销售方案 still wait for a decision."""
    for code in CHAIN:
        for name, kind, more in SCHEMES:
            _scheme(session, world, code, name, kind, more, FIRST)
        _sales(session, world, code, "强销方案", FIRST, decided=True)
        _mandate(session, world, code)
    for code, name, ago, permits, reason in LISTS:
        units = _units_under(session, world, code, permits)
        if units:
            _list(session, world, code, name, ago, {unit.id: _prices(unit) for unit in units}, reason)
    short = {"discount": Decimal("0.99"), "instalments": "50% 0\n50% 60", "row_step": Decimal(1)}
    _signed_long_ago(session, world)
    _scheme(session, world, "JPYL", "两期分期", SchemeKind.INSTALMENTS, short, 1, waits_for_lead=True)
    _sales(session, world, "JPYL", "年终方案", 1, decided=False)


def _signed_long_ago(session: Any, world: World) -> None:
    """Everybody has signed the price notices of the months before, an hour after they came."""

    def work() -> None:
        query = select(ReadReceipt).where(
            ReadReceipt.subject == PriceNotice.__tablename__, ReadReceipt.asked_at < world.at(20)
        )
        with as_step(session):
            for receipt in session.scalars(query):
                receipt.read_at = _hours(receipt.asked_at, 1)
            session.flush()

    write(session, work)


def change(session: Any, world: World) -> None:
    """Three days ago 2栋 went up by 100 a ㎡ where it is on sale; to be called after the chapters that sell."""
    query = select(Unit).join(Building, Building.id == Unit.building_id).where(
        Building.project_id == world.projects["JPYL"].id, Building.name == "2栋", Unit.state.in_(RELEASED - SOLD),
        Unit.list_unit_price.is_not(None),
    )  # fmt: skip
    units = session.scalars(query.order_by(Unit.id)).all()
    wanted = {
        unit.id: Prices(unit.list_unit_price + 100, unit.floor_unit_price, unit.filed_unit_price) for unit in units
    }
    if wanted:
        _list(session, world, "JPYL", "2栋调价", 3, wanted, "去化加快，未售房源每平方米上调 100 元")


def _saved(session: Any, record: Document) -> Any:
    def work() -> Document:
        session.add(record)
        session.flush()
        return record

    return write(session, work)


def _hours(moment: datetime, hours: int) -> datetime:
    return moment + timedelta(hours=hours)


def _scheme(
    session: Any, world: World, code: str, name: str, kind: SchemeKind, more: dict[str, Any], ago: int, *,
    waits_for_lead: bool = False,
) -> None:  # fmt: skip
    manager, project_manager, _site, lead, _clerk = CHAIN[code]
    start = world.at(ago, 9, 30)
    with world.acting(manager, start) as who:
        paper = _saved(session, PaymentScheme(project_id=world.projects[code].id, name=name, kind=kind, **more))
        fire(session, paper, "submit", who)
    agree(session, world, paper, project_manager, _hours(start, 1))
    if not waits_for_lead:
        agree(session, world, paper, lead, _hours(start, 3))


def _sales(session: Any, world: World, code: str, name: str, ago: int, *, decided: bool) -> None:
    manager, project_manager, _site, lead, _clerk = CHAIN[code]
    start, project_id = world.at(ago, 10), world.projects[code].id
    with world.acting(manager, start) as who:
        first_day = world.day(ago if decided else -7)
        paper = _saved(session, SalesScheme(project_id=project_id, name=name, valid_from=first_day))
        for position, (title, how) in enumerate(
            (("按时签约", {"factor": Decimal("0.99")}), ("团购立减", {"amount": Decimal(5000)})), 1
        ):
            discount = PublicDiscount(
                project_id=project_id, sales_scheme_id=paper.id, position=position, name=title, **how
            )
            discount.condition = "认购后 7 天内签约" if "factor" in how else "团购登记客户"
            _saved(session, discount)
        fire(session, paper, "submit", who)
    if decided:
        agree(session, world, paper, project_manager, _hours(start, 1))
        agree(session, world, paper, lead, _hours(start, 3), "同意，按此执行")


def _mandate(session: Any, world: World, code: str) -> None:
    *_others, lead, clerk = CHAIN[code]
    start = world.at(FIRST, 14)
    with world.acting(clerk, start) as who:
        paper = Mandate(
            project_id=world.projects[code].id, document_no=f"{code} 授权 {start.year}-01", signed_on=world.day(FIRST),
            signed_by=world.people[lead].name, valid_from=world.day(FIRST), valid_until=world.day(-90), cap_units=60,
            cap_amount=Decimal(900000), note="代理公司各级在公开折后总价以外的让利权限：主管 0.5%、案场经理 1%、项目经理 1.5%。",
        )  # fmt: skip
        _saved(session, paper)
        fire(session, paper, "submit", who)
    agree(session, world, paper, lead, _hours(start, 2))


def _units_under(session: Any, world: World, code: str, permits: tuple[str, ...]) -> list[Unit]:
    ids = {world.permits[name].id for name in permits}
    named = {permit.id for permit in world.permits.values()}
    query = select(Unit).where(Unit.project_id == world.projects[code].id).order_by(Unit.id)
    rest = permits[0] in ("first", "other")  # units without a permit of their own belong to the first list
    return [unit for unit in session.scalars(query) if unit.permit_id in ids or (rest and unit.permit_id not in named)]


def _prices(unit: Unit) -> Prices:
    """List, floor and filed price; homes by their floor, the rest by its kind."""
    if unit.pricing_basis is PricingBasis.WHOLE:
        whole = STORE if unit.product is Product.STORE else PARKING
        return Prices(whole, whole - 10000, whole + 5000)
    shop = unit.product is Product.SHOP
    base = SHOP if shop else BASES.get(unit.unit_type.name if unit.unit_type else "", PLAIN)
    rule = PriceRule(
        base,
        base_floor=1 if shop else 11,
        floor_step=Decimal(0 if shop else 20),
        floor_gap=Decimal(2000 if shop else 900),
        filed_gap=Decimal(200),
    )
    made = made_price(rule, unit.floor, unit.aspect)
    return Prices(made.list_price, made.floor_price, made.filed_price)


def _list(session: Any, world: World, code: str, name: str, ago: int, wanted: dict[int, Prices], reason: str) -> None:
    """A list through its whole chain: made the day before, in force on its day."""
    manager, project_manager, site, lead, _clerk = CHAIN[code]
    start = world.at(ago + 1, 9)
    with world.acting(manager, start) as who:
        paper = PriceList(project_id=world.projects[code].id, name=name, effective_on=world.day(ago), reason=reason)
        _saved(session, paper)
        edit_lines(session, paper.id, who, dict(wanted))
        fire(session, paper, "submit", who)
    for hours, login in ((2, project_manager), (5, site), (7, lead)):
        agree(session, world, paper, login, _hours(start, hours))
    with travel(world.at(ago, 0, 5)), acting_as(SYSTEM):
        fire(session, paper, "apply", SYSTEM, internal=True)
