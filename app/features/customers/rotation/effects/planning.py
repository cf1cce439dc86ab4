"""The duty list of a day in one act: as on the latest earlier day, or everybody who sells here."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.features.customers.effects.ownership import OWNERS, check_owner
from app.features.customers.rotation.effects.queues import locked_place
from app.features.customers.rotation.models import RotaEntry
from app.kernel.actors import Actor, directory
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.posts import Post
from app.kernel.transactions import write
from app.kernel.workflow import as_step


def check_entry(session: Any, entry: RotaEntry) -> None:
    """Only who sells here is on the list, in a place of the same project, for today or later. Raises RuleError."""
    check_owner(entry.project_id, entry.person_id, now(), field="person_id")
    if entry.day < now().date():
        raise RuleError("过去的排班不能再改，轮接已按当时的排班进行", field="day")
    if not entry.visits and not entry.calls:
        raise RuleError("请至少选「接来访」或「接来电」", field="visits")
    if not 1 <= entry.position <= 99:
        raise RuleError("轮位请填 1 至 99", field="position")


def plan_day(session: Any, actor: Actor, place_id: int, day: date, *, like_before: bool) -> int:
    """Fill an empty duty list; returns how many stand on it. like_before: as the latest earlier day of the place, without those
    who sell here no more. Raises RuleError when there is a list already or nothing to copy."""

    def work() -> int:
        with as_step(session):
            place = locked_place(session, place_id)
            if session.scalar(select(func.count()).where(RotaEntry.place_id == place_id, RotaEntry.day == day)):
                raise RuleError("这一天已经有排班，请在排班里修改")
            rows = _as_before(session, place.project_id, place_id, day) if like_before else _everybody(place.project_id)
            if not rows:
                raise RuleError("没有可用的排班，请先在排班里录入或导入")
            for number, (person, visits, calls) in enumerate(rows, 1):
                session.add(
                    RotaEntry(
                        project_id=place.project_id, place_id=place_id, day=day, person_id=person, position=number,
                        visits=visits, calls=calls, created_by=actor.person_id,
                    )
                )  # fmt: skip
            session.flush()
            return len(rows)

    return write(session, work)


def _as_before(session: Any, project_id: int, place_id: int, day: date) -> list[tuple[int, bool, bool]]:
    latest = session.scalar(select(func.max(RotaEntry.day)).where(RotaEntry.place_id == place_id, RotaEntry.day < day))
    sellers = {h.person_id for post in OWNERS for h in directory().holders(post, project_id, None, now())}
    query = select(RotaEntry).where(RotaEntry.place_id == place_id, RotaEntry.day == latest)
    rows = session.scalars(query.order_by(RotaEntry.position, RotaEntry.id))
    return [(row.person_id, row.visits, row.calls) for row in rows if row.person_id in sellers]


def _everybody(project_id: int) -> list[tuple[int, bool, bool]]:
    return [(h.person_id, True, True) for h in directory().holders(Post.CONSULTANT, project_id, None, now())]
