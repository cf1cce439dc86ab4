"""Words on the screens: every column and fact has a Chinese label; a new form starts with today; a done request is quiet."""

from __future__ import annotations

from sqlalchemy import func, select

from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.notices import Notice
from app.kernel.screens.fields import label_of
from app.kernel.screens.trail import stepbar
from app.kernel.screens.view import VIEWS
from tests.features.deals import orders as o


def test_every_column_and_fact_has_a_label(app):
    with app.app_context():
        unnamed = [
            f"{model.__name__}.{name}"
            for model, view in VIEWS.items()
            for name in {*view.listed, *view.fact_names(), *(n for _t, names in view.fact_groups for n in names)}
            if label_of(model, name).isascii() and name != "id"
        ]
    assert unnamed == []


def test_a_form_starts_with_today(client_as):
    page = client_as("clerk").get("/receipt/add").get_data(as_text=True)
    assert f'name="paid_on" type="date" value="{now().date().isoformat()}"' in page


def unread(cast, login):
    with acting_as(SYSTEM):
        cast.session.rollback()
        mine = (
            Notice.person_id == cast.person_ids[login],
            Notice.read_at.is_(None),
            Notice.url.startswith("/approvals/"),
        )
        return cast.session.scalar(select(func.count()).select_from(Notice).where(*mine))


def test_what_was_decided_is_asked_of_nobody_any_more(cast):
    order = o.filled(cast, o.locked(cast, o.unit(cast), o.customer(cast)), o.scheme(cast))
    o.step(cast, order, "submit", "consultant1")
    assert unread(cast, "supervisor") == 1
    o.decided(cast, order, "supervisor")
    assert unread(cast, "supervisor") == 0


def test_a_fact_noted_within_a_state_does_not_change_who_brought_it_there(cast):
    order = o.filled(cast, o.locked(cast, o.unit(cast), o.customer(cast)), o.scheme(cast))
    o.step(cast, order, "submit", "consultant1")
    o.decided(cast, order, "supervisor")
    signed = o.step(cast, order, "customer_sign", "consultant1", on=o.today())
    with acting_as(SYSTEM):
        here = next(mark for mark in stepbar(cast.session, signed) if mark.status == "now")
    assert "周敏" in here.note
