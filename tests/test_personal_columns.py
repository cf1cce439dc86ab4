"""A list that says who somebody is asks for a reason before it is exported, whichever room it stands in (02 §2.5.11, 07 §7.1)."""

from __future__ import annotations

import re

from app.kernel.screens.export_rows import tells_who
from app.kernel.screens.fields import fields_of
from app.kernel.screens.view import VIEWS

WHO = re.compile(r"客户姓名|客户称呼|新客户|买受人|买方|业主|投诉人|付款人|缴款人|户名")
COLLEAGUES = {"person", "assignment", "delegation"}  # names of the staff are no personal data of customers


def test_every_column_that_names_a_customer_is_declared_so(app) -> None:
    silent = [
        f"{view.model.__name__}.{field.name} ({field.label})"
        for view in VIEWS.values()
        if view.exporters and view.model.__tablename__ not in COLLEAGUES
        for field in fields_of(view.model).values()
        if WHO.search(str(field.label)) and field.kind == "text" and not tells_who(view.model, field.name)
    ]
    assert not silent, silent
