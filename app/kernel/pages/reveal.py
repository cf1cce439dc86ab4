"""「查看」: personal data in full, with a reason where one is needed. By POST only; a GET asks for the reason."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import jsonify, request
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _

from app.kernel.attachments import owner_of
from app.kernel.entrance import database, me, wants_json
from app.kernel.errors import Forbidden, RuleError
from app.kernel.grants import Grants
from app.kernel.posts import ALL_POSTS
from app.kernel.privacy import may_reveal, personal_field, reason_needed, reveal
from app.kernel.screens.page import Card, DetailPage, Fact, FormField, FormPage, FormSection, Link
from app.kernel.transactions import write

PHRASES = ("回访客户", "核对签约资料", "办理按揭", "联系交楼")


class RevealView(BaseView):
    """/reveal/TABLE/ID/FIELD."""

    route_base = "/reveal"
    default_view = "show"
    posts: ClassVar[Grants] = {"show": ALL_POSTS}

    @expose("/<table>/<int:record_id>/<field>", methods=["GET", "POST"])
    @has_access
    def show(self, table: str, record_id: int, field: str) -> Any:
        """JSON {"value": …} for a script, a page for a person. Raises NotFound, Forbidden, RuleError (422 in JSON)."""
        session, actor = database(), me()
        record = owner_of(session, actor, table, record_id)
        facts = personal_field(type(record), field)
        if not may_reveal(actor, record, facts):
            raise Forbidden(facts.label)
        if request.method == "GET":
            return self._ask(record, facts.label, reason_needed(session, actor, record, facts), "")

        def work() -> str:
            return reveal(
                session, actor, owner_of(session, actor, table, record_id), field, request.form.get("reason", "")
            )

        try:
            value = write(session, work)
        except RuleError as refusal:
            if wants_json():
                raise
            return self._ask(record, facts.label, True, str(refusal)), refusal.status
        if wants_json():
            return jsonify(value=value)
        return self._answer(record, facts.label, value)

    def _ask(self, record: Any, label: str, needed: bool, refused: str) -> str:
        field = FormField(
            "reason", _("查看原因"), required=needed, phrases=PHRASES, errors=(refused,) if refused else (), wide=True,
            hint=_("查看会记入审计，写明谁、何时、为什么。"),
        )  # fmt: skip
        page = FormPage(
            title=_("查看%(what)s：%(record)s", what=label, record=record),
            sections=(FormSection("", (field,)),),
            submit_label=_("查看"),
            submit_icon="eye",
            back_url=self._back(record),
        )
        return self.render_template("doc/form.html", page=page)

    def _answer(self, record: Any, label: str, value: str) -> str:
        page = DetailPage(
            title=str(record),
            acts=(Link(_("返回"), self._back(record), tone="primary"),),
            main=(Card(label, facts=(Fact(label, value),), note=_("这次查看已记入审计。")),),
        )
        return self.render_template("doc/detail.html", page=page)

    def _back(self, record: Any) -> str:
        from app.kernel.screens.view import view_of

        view = view_of(type(record))
        return view.show_url(record.id) if view is not None else "/"
