"""打印: a record as Word or PDF from the template in use; what was made is kept as a file of the record."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, request
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _

from app.kernel.entrance import database, me
from app.kernel.errors import RuleError
from app.kernel.grants import Grants
from app.kernel.papers.kinds import PrintedKind, kind_of
from app.kernel.papers.printing import MOST_COPIES, PRINTERS, Wish, check_wish, keep, make, printable
from app.kernel.papers.records import prints_of
from app.kernel.screens.display import moment
from app.kernel.screens.form_page import FormField, FormPage, FormSection
from app.kernel.screens.once import body_digest, once
from app.kernel.screens.parts import Card, Cell, Column, Crumb, Link, Option, Row, Table
from app.kernel.screens.saving import new_key
from app.kernel.screens.view import view_of
from app.kernel.words import shown

SHOWN_PRINTS = 10


def purposes() -> tuple[str, ...]:
    """Reasons that a click puts into the field."""
    return (_("签约使用"), _("办理备案"), _("办理按揭"), _("客户领取"))


class PrintsView(BaseView):
    """/print/KIND/ID."""

    route_base = "/print"
    default_view = "paper"
    posts: ClassVar[Grants] = {"paper": PRINTERS}

    @expose("/<key>/<int:record_id>", methods=["GET", "POST"])
    @has_access
    def paper(self, key: str, record_id: int) -> Any:
        """GET asks for form and copies, POST makes the paper and shows it."""
        session, actor, kind = database(), me(), kind_of(key)
        record = printable(session, actor, kind, record_id)
        if request.method == "GET":
            return self._page(kind, record, Wish(), None)
        wish = _wish()
        try:
            check_wish(kind, wish)
            made = make(session, actor, kind, record, wish)
            digest = body_digest(request.form.items(multi=True))

            def work() -> str:
                return f"/files/{keep(session, actor, kind, record_id, wish, made).attachment_id}/view"

            location = once(session, actor.person_id, request.form.get("_key", ""), digest, work)
        except RuleError as refusal:
            record = printable(session, actor, kind, record_id)
            return self._page(kind, record, wish, refusal), refusal.status
        flash(_("%(paper)s已生成，并存入这份记录的附件。", paper=shown(kind.label)), "success")
        return redirect(location)

    def _page(self, kind: PrintedKind, record: Any, wish: Wish, refused: RuleError | None) -> str:
        view = view_of(type(record))
        back = view.show_url(record.id) if view is not None else "/"
        crumbs = (Crumb(str(view.title), view.list_url()),) if view is not None else ()
        beside = refused is not None and refused.field in ("copies", "reason")
        page = FormPage(
            title=_("打印%(paper)s：%(record)s", paper=shown(kind.label), record=record),
            crumbs=(*crumbs, Crumb(str(record), back), Crumb(_("打印"))),
            sections=(FormSection("", _fields(kind, wish, refused)),), submit_label=_("生成"), submit_icon="print",
            back_url=back, key=request.form.get("_key") or new_key(), side=_before(kind, record),
            errors=(str(refused),) if refused is not None and not beside else (),
        )  # fmt: skip
        return self.render_template("doc/form.html", page=page)


def _wish() -> Wish:
    given = request.form
    copies = given.get("copies", "").strip()
    return Wish(
        form="docx" if given.get("form") == "docx" else "pdf",
        copies=int(copies) if copies.isascii() and copies.isdigit() and len(copies) < 4 else 0,
        full=given.get("numbers") == "full",
        reason=" ".join(given.get("reason", "").split())[:100],
    )


def _fields(kind: PrintedKind, wish: Wish, refused: RuleError | None) -> tuple[FormField, ...]:
    def errors(name: str) -> tuple[str, ...]:
        return (str(refused),) if refused is not None and refused.field == name else ()

    forms = (Option("pdf", "PDF", _("打印、签字、归档用")), Option("docx", "Word", _("还要修改文字时用")))
    fields = [
        FormField("form", _("格式"), "choice", required=True, value=wish.form, options=forms),
        FormField("copies", _("份数"), "number", required=True, value=str(wish.copies or ""), suffix=_("份"), errors=errors("copies"),
                  attrs=(("min", "1"), ("max", str(MOST_COPIES))), hint=_("记在打印记录里；实际份数在打印机上选。")),
    ]  # fmt: skip
    if kind.personal:
        numbers = (Option("masked", _("打码"), _("内部使用")), Option("full", _("完整"), _("签约、备案使用，记入审计")))
        fields += [
            FormField("numbers", _("证件号码"), "choice", required=True, value="full" if wish.full else "masked", options=numbers),
            FormField("reason", _("用途"), "textarea", value=wish.reason, phrases=purposes(), errors=errors("reason"), rows=2, wide=True,
                      hint=_("打印完整号码时必填。")),
        ]  # fmt: skip
    return tuple(fields)


def _before(kind: PrintedKind, record: Any) -> tuple[Card, ...]:
    """What was printed before, with the way to each stored file."""
    rows = tuple(
        Row(
            str(one.id), f"/files/{one.attachment_id}/view", _("第 %(n)s 次", n=one.turn),
            (Cell(_("第 %(n)s 次", n=one.turn)), Cell(one.printed_name, sub=moment(one.printed_at)), Cell(_("%(n)s 份", n=one.copies))),
            ops=(Link(_("查看"), f"/files/{one.attachment_id}/view"),),
        )
        for one in prints_of(database(), record, kind.key)[:SHOWN_PRINTS]
    )  # fmt: skip
    heads = (Column("turn", _("次数"), phone="hd"), Column("who", _("打印人")), Column("copies", _("份数")))
    return (Card(_("打印记录"), "table", table=Table(heads, rows, empty=_("还没有打印过"))),)
