"""「复制到群」: a plain text of a paper for a chat group — figures, dates and states, never who the customer is (02 §2.5.11, §2.5.12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.kernel.actors import Actor
from app.kernel.base import Numbered, declared_fields
from app.kernel.outbox.site import address_of_site
from app.kernel.screens.detail import fact
from app.kernel.screens.display import DASH
from app.kernel.screens.fields import Field, field_for
from app.kernel.screens.parts import Fact, Html
from app.kernel.screens.report_page import ReportPage
from app.kernel.words import shown

FIGURES = frozenset({"money", "area", "rate", "integer", "date", "datetime", "time", "choice", "boolean"})
MOST_FACTS = 12
GroupText = Callable[[Any, Actor], list[str]]
_own: dict[type[Any], GroupText] = {}


def add_group_text(model: type[Any], lines: GroupText) -> None:
    """Lines of a paper's own instead of its figures; they must not name customers, phones or ID numbers."""
    _own[model] = lines


def group_text(headline: str, lines: list[str], path: str) -> str:
    """The text of any page: «【江畔云庐】日报», its lines, the address that leads back here."""
    return "\n".join((headline, *lines, _("查看：%(address)s", address=address_of_site() + path)))


def report_text(page: ReportPage, project: str, path: str) -> str:
    """The key figures of a report: «11月费用：6,680.00 元（预算 6,000.00 元）»."""
    lines = []
    for kpi in page.kpis:
        beside = "，".join(_bare(part) for part in (kpi.left, kpi.right) if part)
        line = _("%(label)s：%(value)s", label=kpi.label, value=f"{kpi.value} {kpi.unit}".rstrip())
        lines.append(_("%(line)s（%(beside)s）", line=line, beside=beside) if beside else line)
    return group_text(f"【{project}】{page.title}", lines, path)


def _bare(html: Html) -> str:
    return html.striptags() if isinstance(html, Markup) else html


def paper_lines(view: Any, record: Any, actor: Actor) -> list[str]:
    """What a group may know of a paper: its own text, else its number and its figures that every reader may see."""
    own = _own.get(type(record))
    if own is not None:
        return own(record, actor)
    number = getattr(record, "number", None)
    lines = [_("编号：%(number)s", number=number)] if number and isinstance(record, Numbered) else []
    found = (fact(view, record, name, actor) for name in view.fact_names() if _open(type(record), name))
    return lines + [_line(one) for one in found if one is not None and one.html != DASH][:MOST_FACTS]


def _open(model: type[Any], name: str) -> bool:
    """Figures and closed lists for all readers, and related records that are nobody; free text may hold anything."""
    found = field_for(model, name)
    if found is None or found.facts.personal or found.facts.readers is not None or _names(model, name, found):
        return False
    return found.kind in FIGURES or (
        found.kind == "record" and found.target is not None and not is_personal(found.target)
    )


def _names(model: type[Any], name: str, found: Field) -> bool:
    return bool({name, found.name, found.shows} & getattr(model, "__personal__", frozenset()))


def is_personal(model: type[Any]) -> bool:
    """Whether records of it hold personal data, so that their titles may name somebody."""
    declared = any(facts.personal for _name, facts in declared_fields(model))
    return declared or bool(getattr(model, "__personal__", frozenset()))


def _line(one: Fact) -> str:
    text = _bare(one.html)
    return f"{shown(one.label)}：{text}"
