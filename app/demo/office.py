"""办公: a store that runs low, equipment with one thing under repair, expenses in every state and one over its budget."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

from PIL import Image, ImageDraw

from app.demo.office_store import hand, keep, receive, store
from app.demo.world import World
from app.features.office.equipment.models import Equipment, EquipmentKind
from app.features.office.expenses.books import AGENCY, DEVELOPER, Book
from app.features.office.expenses.kinds import PayMethod
from app.features.office.expenses.models import ExpenseSubject
from app.features.organisation.models import team_of_person
from app.kernel.actors import Actor
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, requests_of
from app.kernel.approval.stations import deciders
from app.kernel.attachments import attach
from app.kernel.attachments import receive as receive_file
from app.kernel.money import half_up
from app.kernel.transactions import write
from app.kernel.workflow import fire

A = "JPYL"
TREE = (
    ("办公费", ("文具纸张", "饮用水", "快递邮寄")),
    ("业务招待费", ()),
    ("车辆交通费", ("看房车油费", "停车过路")),
    ("活动物料", ("开放日物料", "印刷")),
)
MONTHLY = (("办公费", 1500), ("业务招待费", 2000), ("车辆交通费", 2500), ("活动物料", 6000))
THINGS = (
    # asset number, name, kind, model, bought days ago, price, who has it or where it stands
    ("SB-001", "笔记本电脑", EquipmentKind.COMPUTER, "T14", 390, 5680, "clerk"),
    ("SB-002", "打印复印一体机", EquipmentKind.PRINTER, "M433", 385, 8900, "前台"),
    ("SB-003", "平板电脑", EquipmentKind.TABLET, "Air 11", 260, 3999, "consultant1"),
    ("SB-004", "平板电脑", EquipmentKind.TABLET, "Air 11", 260, 3999, "consultant2"),
    ("SB-005", "投影仪", EquipmentKind.PROJECTOR, "CB-X06", 380, 4200, "洽谈区"),
    ("SB-006", "对讲机", EquipmentKind.PHONE, "T5", 200, 380, "supervisor"),
    ("SB-007", "电瓶看房车", EquipmentKind.VEHICLE, "8 座", 250, 46800, "东门停车区"),
    ("SB-008", "饮水机", EquipmentKind.APPLIANCE, "YR-5", 300, 1280, ""),
)
SPENT = (
    # days ago, who, lines (subject, what for, yuan), why; the decisions come from the chain, then it is paid
    (52, "clerk", (("办公费 / 文具纸张", "复印纸、中性笔", "386.50"),), "月度办公用品"),
    (45, "supervisor", (("业务招待费", "老业主茶歇", "680"),), "老带新客户座谈"),
    (
        33,
        "clerk",
        (("车辆交通费 / 看房车油费", "10 月油费", "1240"), ("车辆交通费 / 停车过路", "停车", "96")),
        "看房车费用",
    ),
    (24, "marketing", (("活动物料 / 印刷", "户型单页 3000 份", "2460"),), "户型单页加印"),
    (12, "clerk", (("办公费 / 饮用水", "桶装水 20 桶", "360"), ("办公费 / 快递邮寄", "合同邮寄", "128")), "饮水和邮寄"),
)


def load(session: Any, world: World) -> None:
    """The chapter: through the flows, each act on its day by whoever does it."""
    _subjects_and_budgets(session, world)
    store(session, world)
    _equipment(session, world)
    for days, who, lines, why in SPENT:
        claim = _claim(session, world, who, days, lines, why)
        _decide_all(session, world, claim, days - 1)
        _pay(session, world, claim, max(days - 3, 0))
    _waiting(session, world)


def _subjects_and_budgets(session: Any, world: World) -> None:
    project = world.projects[A]
    with world.acting("finance", world.at(60, 9)):
        write(session, lambda: _tree(session, world, project.id))
        write(session, lambda: _budgets(session, world, project.id, AGENCY, 1))
    with world.acting("developer_marketing", world.at(60, 10)):
        write(session, lambda: _budgets(session, world, project.id, DEVELOPER, 5))


def _tree(session: Any, world: World, project_id: int) -> None:
    subjects = world.kept.setdefault("expense_subjects", {})
    for name, below in TREE:
        parent = ExpenseSubject(project_id=project_id, name=name, path=name)
        session.add(parent)
        session.flush()
        subjects[name] = parent.id
        for child in below:
            path = f"{name} / {child}"
            one = ExpenseSubject(project_id=project_id, name=child, parent_id=parent.id, path=path)
            session.add(one)
            session.flush()
            subjects[path] = one.id


def _budgets(session: Any, world: World, project_id: int, book: Book, factor: int) -> None:
    """Every month that the world reaches back to, and the years that they lie in."""
    subjects, days = world.kept["expense_subjects"], [world.day(n) for n in range(61)]
    months, years = {f"{day:%Y-%m}" for day in days}, {f"{day:%Y}" for day in days}
    for name, yuan in MONTHLY:
        for period in sorted(months | years):
            amount = Decimal(yuan * factor * (1 if period in months else 12))
            session.add(book.budget(project_id=project_id, subject_id=subjects[name], period=period, amount=amount))
    session.flush()


def _equipment(session: Any, world: World) -> None:
    for number, (asset, name, kind, model, ago, price, where) in enumerate(THINGS):
        with world.acting("clerk", world.at(40, 9, number)) as clerk:
            thing = Equipment(
                project_id=world.projects[A].id, asset_number=asset, name=name, kind=kind, model=model, title=f"{name} {model}",
                bought_on=world.day(ago), price=Decimal(price), place="库房", created_by=clerk.person_id,
            )  # fmt: skip
            keep(session, thing)
            if where in world.people:
                fire(session, thing, "hand_out", clerk, holder_id=world.people[where].id, place="")
            elif where:
                fire(session, thing, "place", clerk, place=where)
        if where in world.people and asset != "SB-006":  # 对讲机 still waits for 周敏's signature
            with world.acting(where, world.at(40, 10, number)) as holder:
                fire(session, thing, "sign", holder)
        if asset == "SB-002":
            with world.acting("clerk", world.at(3, 11)) as clerk:
                fire(
                    session,
                    thing,
                    "send_to_repair",
                    clerk,
                    fault="进纸轮磨损，连续卡纸",
                    vendor="江城办公设备维修",
                    sent_on=world.day(3),
                )


def _claim(
    session: Any, world: World, who: str, days: int, lines: Any, why: str, *, book: Book = AGENCY, over: str = ""
) -> Any:
    """A claim with its bill, submitted."""
    day, subjects = world.day(days), world.kept["expense_subjects"]
    with world.acting(who, world.at(days, 15)) as actor:
        claim = _draft(session, world, actor, day, why, book, over)
        for subject, purpose, yuan in lines:
            claim.lines.append(
                book.line(
                    subject_id=subjects[subject], purpose=purpose, amount=half_up(Decimal(yuan)),
                )
            )  # fmt: skip
        claim.amount = sum((line.amount for line in claim.lines), Decimal("0.00"))
        bill = receive_file(session, actor, _Bill(why, claim.amount))

        def save() -> None:
            session.add(claim)
            session.flush()
            attach(session, actor, claim, bill)

        write(session, save)
        fire(session, claim, "submit", actor)
    return claim


def _draft(session: Any, world: World, actor: Actor, day: date, why: str, book: Book, over: str) -> Any:
    project_id = world.projects[A].id
    team = team_of_person(session, actor.person_id, project_id, day)
    return book.expense(
        project_id=project_id, owner_id=actor.person_id, team_id=team, spent_on=day, month=f"{day:%Y-%m}", reason=why,
        over_reason=over, created_by=actor.person_id,
    )  # fmt: skip


class _Bill:
    """The photo of a receipt as it is uploaded: a frame, some lines, the amount."""

    def __init__(self, why: str, amount: Decimal) -> None:
        self.filename, self.amount = f"票据-{why}.png", amount

    def read(self) -> bytes:
        """A small PNG."""
        picture = Image.new("RGB", (480, 300), "white")
        pen = ImageDraw.Draw(picture)
        pen.rectangle((16, 16, 464, 284), outline=(190, 36, 45), width=3)
        for row in range(4):
            pen.line(((40, 70 + 40 * row), (440, 70 + 40 * row)), fill=(138, 149, 166), width=2)
        pen.text((300, 235), f"{self.amount:,.2f}", fill=(26, 36, 51), font_size=24)
        kept = io.BytesIO()
        picture.save(kept, "PNG")
        return kept.getvalue()


def _decide_all(session: Any, world: World, claim: Any, days: int, upto: int = 9) -> None:
    """The stations in turn, `upto` of them."""
    logins = {person.id: login for login, person in world.people.items()}
    for number in range(upto):
        request = requests_of(session, claim)[-1]
        station = current_step(request)
        if station is None:
            return
        login = logins[deciders(station, request)[0].person_id]  # nobody decides his own
        with world.acting(login, world.at(days, 16, 10 * number)) as actor:
            decide(session, request.id, station.id, actor, "approve", "同意")


def _pay(session: Any, world: World, claim: Any, days: int) -> None:
    with world.acting("finance", world.at(days, 17)) as actor:
        fire(
            session, claim, "pay", actor, paid_on=world.day(days), pay_method=PayMethod.TRANSFER,
            voucher_number=f"记-{world.day(days):%m}{claim.id:03}",
        )  # fmt: skip


def _waiting(session: Any, world: World) -> None:
    """What lies on somebody's desk today: to decide, to pay, over budget, returned."""
    over = (("活动物料 / 开放日物料", "加印导视和地贴", "5200"), ("活动物料 / 印刷", "背景板", "1480"))
    _claim(session, world, "clerk", 1, over, "样板房开放日物料", over="开放日提前一周，原月度预算不含导视加印")
    small = _claim(
        session, world, "consultant1", 2, (("车辆交通费 / 停车过路", "接送客户停车", "126"),), "接送外地客户"
    )
    _decide_all(session, world, small, 1)
    _claim(session, world, "supervisor", 1, (("业务招待费", "甲方周例会工作餐", "430"),), "周例会工作餐")
    gift = _claim(
        session,
        world,
        "supervisor",
        4,
        (("活动物料 / 开放日物料", "开放日伴手礼 200 份", "7600"),),
        "样板房开放日伴手礼",
        book=DEVELOPER,
    )
    _decide_all(session, world, gift, 3, upto=1)
    hand(session, world, "consultant1", {"中性笔": 4, "便签本": 2}, 0, sign=False)
    receive(session, world, {"桶装水": (10, "18")}, 2, "清源桶装水配送站", "SHD-1107")
