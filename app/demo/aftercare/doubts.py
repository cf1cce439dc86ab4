"""疑难单 of the last two weeks: one just asked, one on its way up, one decided, two answered and closed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.demo.aftercare.walking import walk
from app.demo.approvals import answer
from app.demo.archive.making import entered
from app.demo.world import World
from app.features.deals.doubts.effects import follow_order
from app.features.deals.doubts.models import Doubt, Occasion, Outcome
from app.features.deals.reservations.models import Reservation, ReservationState
from app.kernel.base import now

QUESTIONS = (
    (9, Occasion.SIGNING, "客户要求把补充协议里的逾期交房违约金由万分之一改为万分之三", True),
    (7, Occasion.SIGNING, "客户问车位是否可以和房子一起办按揭", False),
    (3, Occasion.SIGNING, "客户要求写明赠送面积，并加盖公章", True),
    (2, Occasion.SIGNING, "客户要求把首付分两期，第二期三十天后付", False),
    (0, Occasion.SIGNING, "客户对公共维修资金的缴纳时间有疑问，要求书面答复", False),
)
CHAIN = ("site_manager", "project_manager", "developer_legal", "developer_lead")


def load(session: Any, world: World) -> None:
    """Of effective orders of 江畔云庐, asked by whoever looks after them."""
    query = select(Reservation).where(
        Reservation.project_id == world.projects["JPYL"].id,
        Reservation.state.in_((ReservationState.EFFECTIVE, ReservationState.SIGNED)),
    )
    orders = session.scalars(query.order_by(Reservation.id.desc()).limit(len(QUESTIONS))).all()
    logins = {person.id: login for login, person in world.people.items()}
    for number, (order, (ago, occasion, question, legal)) in enumerate(zip(orders, QUESTIONS, strict=True)):
        asked = world.at(ago, 9, 40)
        if asked > now():
            continue
        doubt = Doubt(occasion=occasion, reservation_id=order.id, question=question, legal=legal)
        follow_order(doubt, order)
        entered(session, world, logins[order.owner_id], asked, doubt)
        walk(session, world, doubt, [(logins[order.owner_id], asked, "ask", {})])
        _story(session, world, doubt, number, ago, logins[order.owner_id])


def _story(session: Any, world: World, doubt: Doubt, number: int, ago: int, seller: str) -> None:
    if number == 0:
        _report(session, world, doubt, ago, "建议按范本约定，不作修改", CHAIN)
        walk(session, world, doubt, [
            (seller, world.at(ago - 1, 15), "answer", {"answer": "甲方答复：逾期违约金按范本执行，另附交付进度说明"}),
            (seller, world.at(ago - 1, 17), "close", {"outcome": Outcome.SIGNED}),
        ])  # fmt: skip
    elif number == 1:
        walk(session, world, doubt, [
            ("supervisor", world.at(ago, 10, 30), "answer_on_spot", {"answer": "车位另行签约，不能与住宅一并按揭"}),
            (seller, world.at(ago, 11), "close", {"outcome": Outcome.OTHER}),
        ])  # fmt: skip
    elif number == 2:
        _report(session, world, doubt, ago, "建议由甲方出具面积说明，不写入合同", CHAIN)
    elif number == 3:
        _report(session, world, doubt, ago, "建议同意，分期部分按合同计逾期违约金", CHAIN[:1])


def _report(session: Any, world: World, doubt: Doubt, ago: int, proposal: str, deciders: tuple[str, ...]) -> None:
    reported = ("supervisor", world.at(ago, 10, 20), "report", {"proposal": proposal, "legal": doubt.legal})
    walk(session, world, doubt, [reported])
    for hour, login in enumerate(deciders, 11):
        answer(session, world, doubt, login, world.at(ago, hour, 20), "approve", "同意主管建议")
