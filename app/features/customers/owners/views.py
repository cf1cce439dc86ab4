"""归属记录 on the customer's page: who owned him, since when, by which rule and paper."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.features.customers.models import Customer
from app.features.customers.owners.models import OwnershipChange
from app.kernel.actors import Actor
from app.kernel.registries import LOOKUPS
from app.kernel.screens.display import moment
from app.kernel.screens.parts import Cell, Column, Row, Table


def history_tab(customer: Customer, actor: Actor) -> Table:
    """The first registration, then every change, oldest first."""
    query = select(OwnershipChange).where(OwnershipChange.customer_id == customer.id).order_by(OwnershipChange.id)
    changes = list(db.session.scalars(query))
    first = changes[0].before_id if changes else customer.owner_id
    people = {i for c in changes for i in (c.before_id, c.after_id, c.after_partner_id)} | {first, customer.created_by}
    names = LOOKUPS["person"]({i for i in people if i})
    who = [
        (customer.first_at, _("首次登记"), names.get(first or 0, ""), names.get(customer.created_by or 0, ""), "", "")
    ]
    who += [(c.at, _(c.rule.label), _after(c, names), c.by_name, c.paper, c.note) for c in changes]
    columns = (
        Column("at", _("时间")), Column("rule", _("规则"), phone="shown"), Column("owner", _("归属"), phone="hd"),
        Column("by", _("办理人"), phone="shown"), Column("paper", _("单据"), phone="shown"), Column("note", _("原因"), phone="shown"),
    )  # fmt: skip
    rows = tuple(
        Row(str(n), "", rule, (Cell(moment(at)), Cell(rule), Cell(owner), Cell(by), Cell(paper), Cell(note)))
        for n, (at, rule, owner, by, paper, note) in enumerate(who)
    )
    return Table(columns, rows)


def _after(change: OwnershipChange, names: dict[int, str]) -> str:
    if change.after_id is None:
        return _("公海")
    owner = names.get(change.after_id, "")
    if change.after_partner_id is None or change.share is None:
        return owner
    percent = change.share * 100
    parts: dict[str, Any] = {"a": owner, "x": f"{percent.normalize():f}", "b": names.get(change.after_partner_id, "")}
    return _("%(a)s %(x)s %%、%(b)s %(y)s %%", **parts, y=f"{(100 - percent).normalize():f}")


def register() -> None:
    """The tab of the customer."""
    from app.kernel import registries

    registries.add_tab(Customer, "owners", "归属记录", history_tab)
