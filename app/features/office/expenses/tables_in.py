"""Budgets from a table: one line a subject and period, in both books alike."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.features.office.expenses.models import ExpenseSubject
from app.features.office.expenses.rules import parse_period
from app.kernel.chinese import fold
from app.kernel.imports.declared import Desk, Import, ImportColumn

_FIRST_OF_MONTH = re.compile(r"(\d{4}-\d{2})-01")
_BETWEEN = re.compile(r"\s*[/／\\>＞—–-]+\s*")


def period_in(text: str) -> str:
    """As parse_period; «2026-11» typed into Excel has become the first of that month."""
    first = _FIRST_OF_MONTH.fullmatch(text)
    return parse_period(first[1] if first else text)


def subjects_named(desk: Desk, texts: set[str]) -> dict[str, list[int]]:
    """Subjects in use by their path («办公费 / 文具», «办公费-文具»), or by their name alone."""
    query = select(ExpenseSubject).where(ExpenseSubject.project_id == desk.project_id, ExpenseSubject.active.is_(True))
    by_path: dict[str, list[int]] = {}
    by_name: dict[str, list[int]] = {}
    for subject in desk.session.scalars(query):
        by_path.setdefault(_plain(subject.path), []).append(subject.id)
        by_name.setdefault(_plain(subject.name), []).append(subject.id)
    found = {text: by_path.get(_plain(text)) or by_name.get(_plain(text)) for text in texts}
    return {text: ids for text, ids in found.items() if ids}


def _plain(path: str) -> str:
    return _BETWEEN.sub("/", fold(path).strip()).lower()


BUDGETS_IN = Import(
    columns=(
        ImportColumn(
            "subject_id", L("科目"), look_up=subjects_named, required=True, aliases=("费用科目", "预算科目", "费用项目", "项目"),
            hint=L("写全路径，如「办公费 / 文具」；名称不重复的写名称就行"),
        ),
        ImportColumn("period", parse=period_in, aliases=("月份", "年月", "预算期间", "年度", "预算月份")),
        ImportColumn("amount", aliases=("预算", "预算额", "金额", "预算金额（元）")),
        ImportColumn("note", aliases=("说明",)),
    ),
    key=("subject_id", "period"), updates=True,
    notes=(L("一行一个科目、一个期间：全年写 2026，当月写 2026-11。已有的按表格更新，没写到的不动。"),),
)  # fmt: skip
