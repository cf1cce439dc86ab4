"""Step 8: how is it shown?"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.extensions import db
from app.kernel.actors import Actor
from app.kernel.posts import Post
from app.kernel.screens.parts import Table
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView
from tests.developers.key_loans.models import KeyLoan
from tests.developers.key_loans.states import LENDERS


class KeyLoanView(DocumentView):
    """钥匙借用单."""

    model = KeyLoan
    label = L("钥匙借用单")
    category = L("房源")
    icon = "key"
    creators = LENDERS
    exporters = frozenset({Post.SUPERVISOR, Post.CLERK})
    listed = ("number", "unit", "borrower", "purpose", "due_on", "deposit", "state")
    filters = ("purpose", "state")
    search = ("borrower",)
    summed = ("deposit",)
    fact_groups = ((L("要点"), ("number", "unit", "borrower", "purpose", "due_on", "deposit", "returned_on")),)


def loans_of_unit(unit: Any, actor: Actor) -> Table:
    """The tab on the page of a unit."""
    rows = db.session.scalars(select(KeyLoan).where(KeyLoan.unit_id == unit.id).order_by(KeyLoan.id.desc()).limit(20))
    return table_of(KeyLoan, ("number", "borrower", "due_on", "state"), list(rows), actor)
