"""服务质量 of the demo world: two months of ratings, checks and mystery visits, so that the league has something to say."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.demo.aftercare.walking import Walk, walk
from app.demo.archive.making import entered
from app.demo.world import World, travel
from app.features.customers.choices import ContactKind
from app.features.customers.models import Contact
from app.features.organisation.parameters import parameter
from app.features.service.checks.models import CheckTurn, ServiceCheck, ServiceCheckLine
from app.features.service.checks.rules import score_of
from app.features.service.mystery.models import MysteryVisit
from app.features.service.ratings.effects import issue, rate
from app.features.service.ratings.models import PARTS, RatingDesk
from app.features.service.ratings.rules import Given
from app.kernel.base import now
from app.kernel.transactions import write
from app.kernel.workflow import as_step

A = "JPYL"
RATED = 60  # visits of the last two months that were rated
WORDS = ("讲得很清楚", "等得有点久", "态度热情，谢谢", "停车不太方便", "样板间有点闷", "很专业")
DESKS = (("前台", ""), ("洽谈区 1 号桌", ""), ("林晓的工位", "consultant1"))


def load(session: Any, world: World) -> None:
    """After the visits."""
    write(session, lambda: _desks(session, world))
    write(session, lambda: _ratings(session, world))
    _checks(session, world)
    _mystery(session, world)


def _desks(session: Any, world: World) -> None:
    with as_step(session):
        for name, login in DESKS:
            desk = RatingDesk(
                project_id=world.projects[A].id, name=name, consultant_id=world.people[login].id if login else None,
                created_by=world.people["supervisor"].id,
            )  # fmt: skip
            session.add(desk)
            issue(session, desk, world.at(28 if login else 3, 9))


def _ratings(session: Any, world: World) -> None:
    """Of visits, and some of the reception desk; every ninth is a low one, two of three give one tap and say nothing more."""
    query = select(Contact).where(
        Contact.project_id == world.projects[A].id,
        Contact.kind != ContactKind.CALL,
        Contact.at >= world.at(55),
        Contact.at < now(),
    )
    visits = list(session.scalars(query.order_by(Contact.id.desc()).limit(RATED)))
    desk = session.scalars(select(RatingDesk).where(RatingDesk.name == DESKS[0][0])).first()
    for number, visit in enumerate([*reversed(visits), *([desk] * 6)]):
        stars: dict[str, int | None] = {"overall": 5 - number % 9 // 4}
        if number % 3 == 0:
            stars |= {name: 5 - (number + place) % 9 // 4 for place, name in enumerate(PARTS)}
        if number % 9 == 4:
            stars["overall"] = 2
        words = WORDS[number % len(WORDS)] if number % 3 == 0 else ""
        at = visit.at if isinstance(visit, Contact) else world.at(1, 11, number % 60)
        with travel(min(at, now())), as_step(session):
            rate(session, visit, Given(stars, words, f"{number:032x}"))


def _checks(session: Any, world: World) -> None:
    """Issued and confirmed, issued, a draft."""
    items = parameter(session, world.projects[A].id, "service_check_items")
    for number, (ago, login, turn) in enumerate((
        (22, "consultant1", CheckTurn.DAILY), (15, "consultant2", CheckTurn.WEEKLY), (6, "consultant1", CheckTurn.SPOT),
        (2, "consultant2", CheckTurn.DAILY), (0, "", CheckTurn.WEEKLY),
    )):  # fmt: skip
        at = world.at(ago, 9, 30)
        if at > now():
            continue
        own = {"project_id": world.projects[A].id}
        sheet = ServiceCheck(
            turn=turn,
            checked_on=at.date(),
            person_id=world.people[login].id if login else None,
            findings="总体较好，个别项目要改进",
            **own,
        )
        sheet.lines = [
            ServiceCheckLine(
                item=item.name,
                full_mark=item.full_mark,
                mark=10 - (place + number) % 4,
                remark="" if (place + number) % 4 < 2 else "需改进",
                **own,
            )
            for place, item in enumerate(items)
        ]
        sheet.score = score_of([(line.mark, line.full_mark) for line in sheet.lines])
        entered(session, world, "supervisor", at, sheet)
        if login:
            steps: list[Walk] = [("supervisor", world.at(ago, 9, 50), "issue", {})]
            steps += [(login, world.at(ago, 17), "confirm", {})] if number < 2 else []
            walk(session, world, sheet, steps)


def _mystery(session: Any, world: World) -> None:
    for ago, login, score, problems in (
        (30, "consultant1", 92, "没有主动介绍周边配套"),
        (10, "consultant2", 78, "没有询问是否第一次来访"),
    ):
        at = world.at(ago, 16)
        visit = MysteryVisit(
            project_id=world.projects[A].id, visited_on=at.date(), visitor="第三方调研机构", person_id=world.people[login].id, score=score,
            strengths="讲解流畅，资料齐全", problems=problems, advice="按接待流程表逐项完成",
        )  # fmt: skip
        entered(session, world, "sales_admin", at, visit)
        steps: list[Walk] = [("sales_admin", world.at(ago, 17), "issue", {})]
        steps += [(login, world.at(ago - 1, 9, 30), "confirm", {})] if ago > 20 else []
        walk(session, world, visit, steps)
