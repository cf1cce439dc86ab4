"""审计记录: the whole trail for the auditor — sign-ins, refusals, exports, looks at personal data, every changed value (04 S11)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app.kernel.addresses import id_of
from app.kernel.base import now
from app.kernel.chinese import parse_date
from app.kernel.entrance import current_project_id, database, me
from app.kernel.errors import RuleError
from app.kernel.grants import Grants
from app.kernel.posts import Post
from app.kernel.registries import LOOKUP_CHOICES
from app.kernel.screens.list_page import Chip, FilterField, ListPage, Pager
from app.kernel.screens.parts import Cell, Column, Crumb, Link, Option, Row
from app.kernel.screens.sheet_answer import Sheet, answer_sheet, as_far_as, log_export, write_sheet
from app.kernel.screens.view import VIEWS
from app.kernel.trail_reading import GROUPS, Asked, TrailLine, label_of_table, lines
from app.kernel.words import in_chinese
from app.kernel.workbook_out import OutColumn

READERS = frozenset({Post.AUDITOR})
SHOWN, MOST, DAYS = 100, 20_000, 30
HERE = "/audit-trail/"


class AuditTrailView(BaseView):
    """/audit-trail."""

    route_base = "/audit-trail"
    default_view = "index"
    posts: ClassVar[Grants] = {"menu_access": READERS, "list": READERS, "export": READERS}

    @expose("/")
    @has_access
    @permission_name("list")
    def index(self) -> Any:
        """The newest lines and what narrows them."""
        asked, refused = _asked()
        found = lines(database(), me(), asked, SHOWN + 1)
        return self.render_template("doc/list.html", page=_page(asked, found, refused), title=_("审计记录"))

    @expose("/export")
    @has_access
    @permission_name("export")
    def export(self) -> Any:
        """The same lines as .xlsx; that they were taken along is a line itself."""
        asked, _refused = _asked()
        found, cut = as_far_as(lines(database(), me(), asked, MOST + 1), MOST)
        project_id = asked.projects[0] if len(asked.projects) == 1 else None
        heads = (
            OutColumn(_("时间"), "datetime", 18), OutColumn(_("谁"), width=12), OutColumn(_("岗位"), width=14), OutColumn(_("做了什么"), width=12), OutColumn(_("对象"), width=20),
            OutColumn(_("内容"), width=80), OutColumn(_("来自"), width=18),
        )  # fmt: skip
        rows = ((one.at, one.person, one.posts, one.act, one.about, one.what, one.address) for one in found)
        sheet = Sheet(_("审计记录"), project_id, heads, rows, conditions=[*_said(asked), *cut])
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        name = write_sheet(database(), me(), sheet, target)
        with in_chinese():
            said = "；".join(_said(asked))
        log_export(database(), "audit_entry", project_id, rows=len(found), filters=said, file=name, route=request.path)
        return answer_sheet(target, name)


def _asked() -> tuple[Asked, str]:
    """The question in the address: the last thirty days unless it says otherwise; what cannot be read is said."""
    args, refused, days = request.args, "", {}
    today = now().date()
    for name, part, usual in (("since", "at.from", today - timedelta(days=DAYS)), ("until", "at.to", today)):
        try:
            days[name] = parse_date(args[part]) if args.get(part) else usual
        except RuleError as error:
            days[name], refused = usual, str(error)
    chosen = current_project_id()
    projects = (chosen,) if chosen is not None else tuple(sorted(me().projects))
    return Asked(
        projects, *_in_order(days["since"], days["until"]), person_id=id_of(args.get("person", "")) or None,
        group=args.get("chip", ""), table=args.get("paper", "")[:64], record_id=id_of(args.get("record", "")) or None,
        before=id_of(args.get("before", "")) or None,
    ), refused  # fmt: skip


def _in_order(first: date, last: date) -> tuple[date, date]:
    return (first, last) if first <= last else (last, first)


def _kept(**changed: str) -> dict[str, str]:
    """The present address with some of it changed; a new page keeps its filters."""
    return {name: value for name, value in {**request.args, "before": "", **changed}.items() if value}


def _address(**changed: str) -> str:
    return f"{HERE}?{urlencode(_kept(**changed))}"


def _page(asked: Asked, found: list[TrailLine], refused: str) -> ListPage:
    columns = (
        Column("at", _("时间"), phone="shown"), Column("who", _("谁"), phone="hd"), Column("post", _("岗位"), phone="shown"), Column("act", _("做了什么"), phone="badge"),
        Column("about", _("对象"), phone="shown"), Column("what", _("内容"), phone="shown"), Column("from", _("来自")),
    )  # fmt: skip
    rest = len(found) > SHOWN
    older = _address(before=str(found[SHOWN - 1].id)) if rest else ""
    groups = (Chip(str(label), _address(chip=key), asked.group == key) for key, (label, _acts) in GROUPS.items())
    chips = (Chip(_("全部"), _address(chip=""), asked.group not in GROUPS), *groups)
    return ListPage(
        title=_("审计记录"), columns=columns, rows=tuple(map(_row, found[:SHOWN])), chips=chips,
        pager=Pager(
            _("本页 %(n)s 条", n=min(len(found), SHOWN)), page=0 if asked.before else 1, first_url=_address() if asked.before else "",
            next_url=older,
        ),
        crumbs=(Crumb(_("设置")), Crumb(_("审计记录"))), filters=_filters(asked), kept=(("chip", asked.group),) if asked.group in GROUPS else (),
        acts=(Link(_("导出"), f"{HERE}export?{urlencode(_kept())}", icon="download"),),
        lead=_("只能查看，不能修改。号码一律打码；每个封存区块前后相扣，由数据核验逐条核对。"),
        reset_url=HERE if request.args else "", note=refused, empty_title=_("这段时间没有记录"), empty_hint=_("换个人、换种单据，或放宽时间再查"),
    )  # fmt: skip


def _filters(asked: Asked) -> tuple[FilterField, ...]:
    project_id = asked.projects[0] if len(asked.projects) == 1 else None
    people = LOOKUP_CHOICES["person"](project_id)
    return (
        FilterField("person", _("谁"), options=_options(people.items()), value=str(asked.person_id or "")),
        FilterField("paper", _("单据"), options=_options(_papers()), value=asked.table),
        FilterField("record", _("记录号"), "text", value=str(asked.record_id or "")),
        FilterField("at", _("时间"), "period", value=str(asked.since), until=str(asked.until)),
    )


def _said(asked: Asked) -> list[str]:
    """What narrows the sheet, in words: «做了什么：导出»."""
    pairs = [(_("时间"), f"{asked.since} — {asked.until}")]
    if asked.group in GROUPS:
        pairs.append((_("做了什么"), str(GROUPS[asked.group][0])))
    for one in _filters(asked):
        if one.value and one.kind != "period":
            pairs.append((one.label, next((o.label for o in one.options if o.value == one.value), one.value)))
    return [_("%(label)s：%(value)s", label=label, value=value) for label, value in pairs]


def _options(pairs: Iterable[tuple[Any, str]]) -> tuple[Option, ...]:
    return tuple(Option(str(key), name) for key, name in pairs)


def _papers() -> list[tuple[str, str]]:
    """The papers that have pages, by their names."""
    tables = {model.__tablename__ for model in VIEWS}
    return sorted(((table, label_of_table(table)) for table in tables), key=lambda pair: pair[1])


def _row(one: TrailLine) -> Row:
    view = next((v for m, v in VIEWS.items() if m.__tablename__ == one.table), None)
    readable = view is not None and one.record_id is not None and me().holds(view.posts["can_list"])
    url = view.show_url(one.record_id) if view is not None and readable and one.record_id is not None else ""
    cells = (
        Cell(f"{one.at:%Y-%m-%d %H:%M:%S}"),
        Cell(one.person),
        Cell(one.posts),
        Cell(one.act),
        Cell(one.about),
        Cell(one.what),
        Cell(one.address),
    )
    return Row(str(one.id), url, f"{one.act} {one.about}", cells)
