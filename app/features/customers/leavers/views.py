"""How is a 客户移交单 shown? Who leaves, who takes over, what is still in his hands."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import exists, func, select

from app.extensions import db
from app.features.customers.choices import CustomerState
from app.features.customers.effects.ownership import OWNERS
from app.features.customers.leavers.effects import check_transfer
from app.features.customers.leavers.models import MAKERS, READERS, CustomerTransfer, TransferState
from app.features.customers.models import Customer
from app.features.organisation.models import Assignment, Person
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.posts import SITE_CHAIN, Post
from app.kernel.registries import LOOKUP_CHOICES
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.lines import Lines
from app.kernel.screens.parts import Card, Fact
from app.kernel.screens.people import people_of
from app.kernel.screens.view import DocumentView, add_document

WHOLE = {"unscoped": True}


class CustomerTransferView(DocumentView):
    """客户移交."""

    model = CustomerTransfer
    label = L("客户移交单")
    title = L("客户移交")
    category = L("归属与渠道")
    icon = "swap"
    readers = READERS
    creators = MAKERS
    exporters = SITE_CHAIN | {Post.SUPERVISOR}
    listed = ("number", "from_id", "occasion", "given", "pooled", "orders", "done_at", "done_by", "state")
    filters = ("state", "occasion", "from_id")
    search = ("number",)
    form = ("from_id", "occasion", "remark")
    lines = Lines("lines", ("to_id", "weight", "customer_id"), L("接手人"), least=0)
    empty_hint = L("顾问离职、调岗时，把他名下的客户一次移交给同事或转入公海。")
    facts = ("number", "from_id", "occasion", "remark", "given", "pooled", "shared", "orders", "done_at", "done_by")

    def people_offered(self, name: str) -> tuple[tuple[str, str], ...]:
        """Receivers sell here today; who hands over may have left already."""
        if name == "to_id":
            return people_of(OWNERS, self.current_project())
        return tuple((str(key), who) for key, who in LOOKUP_CHOICES["person"](self.current_project()).items())

    def check(self, record: Any, actor: Actor) -> None:
        """Who takes over sells here; named customers are the leaver's."""
        check_transfer(db.session(), record)


def in_hand(transfer: Any, actor: Actor) -> Card | None:
    """What the leaver still has, before it is handed over."""
    if transfer.state is not TransferState.DRAFT:
        return None
    his = (Customer.project_id == transfer.project_id, Customer.owner_id == transfer.from_id)
    rows = db.session.execute(
        select(Customer.state, func.count()).where(*his).group_by(Customer.state), execution_options=WHOLE
    )
    count: dict[CustomerState, int] = dict(rows.all())
    shared = select(func.count()).where(
        Customer.project_id == transfer.project_id, Customer.partner_id == transfer.from_id
    )
    facts = [Fact(_(state.label), _("%(n)s 位", n=count[state])) for state in CustomerState if count.get(state)]
    facts.append(Fact(_("分单"), _("%(n)s 位", n=db.session.scalar(shared, execution_options=WHOLE) or 0)))
    return Card(_("名下客户"), "facts", facts=tuple(facts))


def leaver_reminders(actor: Actor) -> list[FeedItem]:
    """Who has no post here any more and still owns customers."""
    lines = []
    for project_id in sorted(actor.projects_as({Post.SUPERVISOR, Post.SITE_MANAGER})):
        held = Assignment.__table__
        gone = select(held.c.person_id).where(held.c.project_id == project_id, held.c.until < now().date())
        still = select(held.c.person_id).where(
            held.c.project_id == project_id, (held.c.until.is_(None)) | (held.c.until >= now().date())
        )
        owns = exists().where(
            Customer.project_id == project_id, Customer.owner_id == Person.id, Customer.state != CustomerState.LOST
        )
        query = (
            select(Person.name).where(Person.id.in_(gone), Person.id.not_in(still), owns).order_by(Person.id).limit(5)
        )
        for name in db.session.scalars(query, execution_options=WHOLE):
            lines.append(
                FeedItem(_("%(name)s 已离岗，名下还有客户待移交", name=name), "/customer-transfer/add", icon="users")
            )
    return lines


def register(appbuilder: Any) -> None:
    """The screens, what is in hand, the line on the home page."""
    from app.kernel import registries

    add_document(appbuilder, CustomerTransferView)
    registries.add_side_card(CustomerTransfer, in_hand)
    registries.add_reminder(leaver_reminders)
