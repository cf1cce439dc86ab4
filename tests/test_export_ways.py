"""Plain columns and whole records say the same, for every list and for every post's rows (04 S2, F6)."""

from __future__ import annotations

from app.extensions import db
from app.kernel.actors import acting_as
from app.kernel.screens import export_rows
from app.kernel.screens.export_rows import extract
from app.kernel.screens.view import VIEWS
from app.kernel.tasks.page import as_on_page
from tests.matrix.seed import seed

PEOPLE = ("clerk", "consultant1", "consultant2", "supervisor2", "site_manager", "developer_finance", "other_clerk")


def test_both_ways_of_reading_a_list_agree(app, cast, monkeypatch):
    seed(cast)
    planned = set()
    real = export_rows.column_plan

    def watched(model, *rest):
        plan = real(model, *rest)
        if plan is not None:
            planned.add(model.__tablename__)
        return plan

    for login in PEOPLE:
        who = cast.actor(login)
        for view in VIEWS.values():
            with acting_as(who), as_on_page(view.list_url(), min(who.projects)):
                found = extract(view, who)
                monkeypatch.setattr(export_rows, "column_plan", watched)
                by_columns = list(found.rows(db.session()))
                monkeypatch.setattr(export_rows, "column_plan", lambda *_all: None)
                by_records = list(found.rows(db.session()))
            assert by_columns == by_records, (login, view.model.__tablename__)
    assert planned >= {"customer", "contact", "follow_up", "unit", "receipt", "receivable", "reservation", "price_line"}
