"""文书模板 and printed papers: the site's own 签约须知 in its second version, one in review, and what was printed with them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.demo.approvals import agree
from app.demo.archive.making import entered, step
from app.demo.world import World
from app.features.archive.templates.effects import name_version, take_file
from app.features.archive.templates.models import PaperTemplate
from app.features.deals.reservations.models import Reservation, ReservationState
from app.kernel.attachments import Received, store
from app.kernel.file_checks import WORD
from app.kernel.papers.kinds import kind_of
from app.kernel.papers.printing import Wish, keep, make, printable
from app.kernel.papers.rendering import shipped_template
from app.kernel.transactions import write

PRINTED = 2  # orders of which a 认购书 was printed: each costs a second of the demo's loading


def load(session: Any, world: World) -> None:
    """Two versions of one template, a third kind waits for the site manager; the latest orders were printed."""
    first = _version(session, world, 120, "sign_guide", "换成本案场的抬头和接待电话")
    _agreed(session, world, first, 119)
    second = _version(session, world, 40, "sign_guide", "补充公证委托签约的要求")
    _agreed(session, world, second, 39)
    waiting = _version(session, world, 1, "payment_notice", "把监管账户放到金额下面，字放大")
    step(session, world, "clerk", world.at(1, 16), waiting, "submit")
    _prints(session, world)


def _version(session: Any, world: World, ago: int, key: str, changes: str) -> PaperTemplate:
    """The clerk uploads the shipped file as if she had changed it."""
    data = shipped_template(kind_of(key))
    name = f"{kind_of(key).label}（本案场）.docx"
    paper = PaperTemplate(project_id=world.projects["JPYL"].id, paper_key=key, changes=changes)
    name_version(session, paper)
    given = Received(name, WORD, len(data), store().keep(data))
    moment = world.at(ago, 15)
    made: PaperTemplate = entered(
        session, world, "clerk", moment, paper, lambda one: take_file(session, world.actor("clerk", moment), one, given)
    )
    return made


def _agreed(session: Any, world: World, paper: PaperTemplate, ago: int) -> None:
    step(session, world, "clerk", world.at(ago, 9), paper, "submit")
    agree(session, world, paper, "site_manager", world.at(ago, 11))


def _prints(session: Any, world: World) -> None:
    query = select(Reservation.id).where(
        Reservation.state == ReservationState.EFFECTIVE, Reservation.project_id == world.projects["JPYL"].id
    )
    for order_id in session.scalars(query.order_by(Reservation.id.desc()).limit(PRINTED)).all():
        with world.acting("clerk", world.at(0, 10, 20)) as who:
            kind, wish = kind_of("reservation"), Wish(copies=3)
            made = make(session, who, kind, printable(session, who, kind, order_id), wish)

            def kept(
                order_id: int = order_id, made: Any = made, who: Any = who, kind: Any = kind, wish: Wish = wish
            ) -> Any:
                return keep(session, who, kind, order_id, wish, made)

            write(session, kept)
