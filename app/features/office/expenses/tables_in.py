"""Budgets from a table: one line a subject and period, in both books alike."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.features.office.expenses.models import ExpenseSubject
from app.features.office.expenses.rules import parse_period
from app.kernel.chinese import fold
from app.kernel.imports.declared import Across, Desk, Import, ImportColumn

_FIRST_OF_MONTH = re.compile(r"(\d{4}-\d{2})-01")
_BETWEEN = re.compile(r"\s*[/／\\>＞—–-]+\s*")


def period_in(text: str) -> str:
    """As parse_period; «2026-11» typed into Excel has become the first of that month."""
    first = _FIRST_OF_MONTH.fullmatch(text)
    return parse_period(first[1] if first else text)


_MONTH_HEAD = re.compile(r"(?:(20\d{2})[-/.年])?(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:份)?(?:预算|计划)?")
_YEAR = re.compile(r"20\d{2}")


def month_of_head(head: object, above: str) -> str | None:
    """«3月», «三月», «2026年3月», a day of the month as Excel keeps «2026-03» → «2026-03». The year of a bare month stands in the
    title, on the tab or nowhere: then the month alone, which `period_in` refuses with how to write it."""
    if isinstance(head, date):
        return f"{head:%Y-%m}" if head.day == 1 else None
    text = "".join(fold(str(head)).split()) if isinstance(head, str) else ""
    found = _MONTH_HEAD.fullmatch(text)
    if found is None:
        return parse_period(text) if re.fullmatch(r"20\d{2}[-/.](0?[1-9]|1[0-2])", text) else None
    years = set(_YEAR.findall(fold(above)))
    year = found[1] or (years.pop() if len(years) == 1 else "")
    return f"{year}-{_number(found[2]):02}" if year else text


def _number(month: str) -> int:
    """«11», «十一» → 11."""
    return int(month) if month.isascii() else int(sum(map(unicodedata.numeric, month)))


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
    key=("subject_id", "period"), updates=True, across=Across("period", "amount", month_of_head),
    notes=(
        L("一行一个科目、一个期间：全年写 2026，当月写 2026-11。已有的按表格更新，没写到的不动。"),
        L("一至十二月横排的表也可以：标题或工作表名里要有年份；空格不导入，合计列不导入。"),
    ),
)  # fmt: skip
