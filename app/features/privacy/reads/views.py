"""谁看过个人信息: for the auditor and 销管部, by person, by customer, by days; as page and as .xlsx."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app.extensions import db
from app.features.privacy.category import CATEGORY
from app.features.privacy.reads.reading import Look, Question, customers_named, looks
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.chinese import fold, parse_date
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import RuleError
from app.kernel.grants import Grants
from app.kernel.posts import Post
from app.kernel.registries import LOOKUP_CHOICES
from app.kernel.screens.list_page import FilterField, ListPage, Pager
from app.kernel.screens.parts import Cell, Column, Crumb, Link, Option, Row
from app.kernel.screens.sheet_answer import Sheet, answer_sheet, as_far_as, log_export, write_sheet
from app.kernel.words import in_chinese
from app.kernel.workbook_out import OutColumn

READERS = frozenset({Post.AUDITOR, Post.SALES_ADMIN})
SHOWN, MOST, DAYS = 200, 20_000, 30
HERE = "/data-reads/"


class DataReadsView(BaseView):
    """/data-reads."""

    route_base = "/data-reads"
    default_view = "index"
    posts: ClassVar[Grants] = {"menu_access": READERS, "list": READERS, "export": READERS}

    @expose("/")
    @has_access
    @permission_name("list")
    def index(self) -> Any:
        """The filters and the newest looks."""
        question, refused = asked(me())
        found = looks(db.session(), question, SHOWN + 1)
        return render_template("doc/list.html", page=_page(question, found, refused), title=_("谁看过个人信息"))

    @expose("/export")
    @has_access
    @permission_name("export")
    def export(self) -> Any:
        """The same as .xlsx; customers stand on it with masked names."""
        actor = me()
        question, _refused = asked(actor)
        found, cut = as_far_as(looks(db.session(), question, MOST + 1), MOST)
        project_id = question.projects[0] if len(question.projects) == 1 else None
        sheet = Sheet(
            _("谁看过个人信息"), project_id,
            (
                OutColumn(_("时间"), "datetime", 18), OutColumn(_("查看人")), OutColumn(_("方式")), OutColumn(_("谁的资料"), width=28),
                OutColumn(_("内容"), width=28), OutColumn(_("原因"), width=28), OutColumn(_("来自"), width=18),
            ),
            ((one.at, one.person, act_word(one), one.about, one.what, one.reason, one.address) for one in found),
            conditions=[f"{question.since} — {question.until}", *cut],
        )  # fmt: skip
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        name = write_sheet(db.session(), actor, sheet, target)
        with in_chinese():
            report = _("谁看过个人信息")
        log_export(
            db.session,
            "data_reads",
            project_id,
            report=report,
            rows=len(found),
            person=question.person_id,
            customers=question.customers,
        )
        return answer_sheet(target, name)


def asked(actor: Actor) -> tuple[Question, str]:
    """The question in the address: the last thirty days unless it says otherwise; what cannot be read is said."""
    args, refused, days = request.args, "", {}
    today = now().date()
    for name, part, usual in (("since", "at.from", today - timedelta(days=DAYS)), ("until", "at.to", today)):
        try:
            days[name] = parse_date(args[part]) if args.get(part) else usual
        except RuleError as error:
            days[name], refused = usual, str(error)
    chosen = current_project_id()
    projects = (chosen,) if chosen is not None else tuple(sorted(actor.projects))
    person, customer = args.get("person", ""), fold(args.get("customer", ""))[:60]
    customers = customers_named(db.session(), customer, projects) if customer else None
    if customers == ():
        refused = refused or _("没有找到这位客户，请填写完整姓名、手机全号，或 # 加客户编号。")
    number = int(person) if person.isascii() and person.isdigit() and len(person) < 10 else None
    return Question(projects, person_id=number, customers=customers, **_ordered(days)), refused


def _ordered(days: dict[str, date]) -> dict[str, date]:
    first, last = sorted(days.values())
    return {"since": first, "until": last}


def act_word(look: Look) -> str:
    """How somebody looked."""
    words = {
        "reveal": _("查看全号"), "read": _("打开页面"), "download": _("下载附件"), "export": _("导出"), "print": _("打印"),
        "phone_check": _("号码查重"),
    }  # fmt: skip
    word = words.get(look.act, look.act)
    return _("%(act)s（可能包含这位客户）", act=word) if look.wide else word


def _page(question: Question, found: list[Look], refused: str) -> ListPage:
    columns = (
        Column("at", _("时间"), phone="shown"), Column("person", _("查看人"), phone="hd"), Column("act", _("方式"), phone="badge"),
        Column("about", _("谁的资料"), phone="shown"), Column("what", _("内容")), Column("reason", _("原因")), Column("address", _("来自")),
    )  # fmt: skip
    shown = found[:SHOWN]
    cut = _("只列出最近的 %(n)s 条，全部请导出。", n=SHOWN) if len(found) > SHOWN else ""
    project_id = question.projects[0] if len(question.projects) == 1 else None
    people = LOOKUP_CHOICES["person"](project_id)
    chosen = "" if question.person_id is None else str(question.person_id)
    export = "?" + urlencode({name: value for name, value in request.args.items() if value})
    return ListPage(
        title=_("谁看过个人信息"), columns=columns, rows=tuple(_row(i, one) for i, one in enumerate(shown)),
        pager=Pager(_("%(n)s 条", n=len(shown))), crumbs=(Crumb(str(CATEGORY)), Crumb(_("谁看过个人信息"))),
        acts=(Link(_("导出"), f"{HERE}export{export}", icon="download"),),
        lead=_("查看全号、打开客户页、下载、打印、导出，每一次都有记录。"),
        filters=(
            FilterField("person", _("查看人"), options=tuple(Option(str(k), n) for k, n in people.items()), value=chosen),
            FilterField("customer", _("客户"), "text", value=request.args.get("customer", "")[:60]),
            FilterField("at", _("时间"), "period", value=str(question.since), until=str(question.until)),
        ),
        reset_url=HERE if request.args else "", note=refused or cut, empty_title=_("这段时间没有查看记录"),
        empty_hint=_("换个人、换位客户，或放宽时间再查"),
    )  # fmt: skip


def _row(position: int, one: Look) -> Row:
    url = (
        f"/{one.subject.replace('_', '-')}/show/{one.subject_id}" if one.subject_id and one.act != "phone_check" else ""
    )
    cells = (Cell(f"{one.at:%Y-%m-%d %H:%M:%S}"), Cell(one.person), Cell(act_word(one)), Cell(one.about), Cell(one.what), Cell(one.reason),
             Cell(one.address))  # fmt: skip
    return Row(str(position), url, one.about, cells)
