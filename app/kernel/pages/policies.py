"""审批规则: which posts decide what, up to which limit, within which time; changed by the sales department's new revisions."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, request
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _

from app.kernel.approval.kinds import KINDS, Kind, policy
from app.kernel.approval.records import ApprovalPolicy
from app.kernel.approval.revisions import kind_of, revise, revisions
from app.kernel.approval.routing import Link as ChainLink
from app.kernel.approval.routing import Mode
from app.kernel.entrance import database, me
from app.kernel.errors import RuleError, StaleError
from app.kernel.grants import Grants
from app.kernel.posts import POSTS, Post
from app.kernel.registries import LOOKUPS
from app.kernel.screens.display import moment
from app.kernel.screens.inputs import Wanted, parse
from app.kernel.screens.page import (
    Card,
    Cell,
    Column,
    Crumb,
    DetailPage,
    FormField,
    FormPage,
    FormSection,
    Link,
    ListPage,
    Option,
    Pager,
    Row,
    Table,
)  # fmt: skip
from app.kernel.words import shown, understood

EDITORS = frozenset({Post.SALES_ADMIN})
READERS = EDITORS | {Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.GENERAL_MANAGER, Post.DEVELOPER_LEAD, Post.AUDITOR}
CHAIN_WORDS = (*(facts.label for facts in POSTS.values()), "不限")
WANTED = [
    Wanted("mode", "方式", "choice", True, Mode),
    Wanted("chain", "审批链", "textarea", True),
    Wanted("minutes", "每步时限", "integer", True),
    Wanted("note", "修改原因", "text", True, limit=200),
]


def _time(minutes: int) -> str:
    """A time limit as people say it: whole hours as hours."""
    hours, rest = divmod(minutes, 60)
    return _("%(n)s 分钟", n=minutes) if rest else _("%(n)s 小时", n=hours)


class PoliciesView(BaseView):
    """/approval-rules."""

    route_base = "/approval-rules"
    default_view = "all"
    posts: ClassVar[Grants] = {"all": READERS, "one": READERS, "revise": EDITORS}

    @expose("")
    @has_access
    def all(self) -> Any:
        """Every kind with the rule in force."""
        session = database()
        columns = (
            Column("kind", _("审批事项"), phone="hd"), Column("mode", _("方式")), Column("chain", _("审批链")),
            Column("minutes", _("每步时限")), Column("revision", _("版次"), phone="badge"),
        )  # fmt: skip
        rows = tuple(self._row(kind, policy(session, kind)) for kind in sorted(KINDS.values(), key=lambda k: k.label))
        page = ListPage(title=_("审批规则"), columns=columns, rows=rows, pager=Pager(_("共 %(n)s 项", n=len(rows))))
        return self.render_template("doc/list.html", page=page)

    @expose("/<code>")
    @has_access
    def one(self, code: str) -> Any:
        """One kind: the rule in force and the versions before."""
        session, kind = database(), kind_of(code)
        known = revisions(session, code)
        names = LOOKUPS["person"]({p.created_by for p in known if p.created_by}) if "person" in LOOKUPS else {}
        acts = (Link(_("修改规则"), f"/approval-rules/{code}/revise", tone="primary"),) if me().holds(EDITORS) else ()
        page = DetailPage(
            title=_("审批规则：%(kind)s", kind=kind.label),
            crumbs=(Crumb(_("审批规则"), "/approval-rules"), Crumb(kind.label)),
            acts=acts,
            main=(
                Card(_("现行规则"), "table", table=_stations(policy(session, kind).links, kind)),
                Card(_("版次"), "table", table=_versions(known, names), note=_("没有修改过时，按系统默认规则执行。")),
            ),
        )
        return self.render_template("doc/detail.html", page=page)

    @expose("/<code>/revise", methods=["GET", "POST"])
    @has_access
    def revise(self, code: str) -> Any:
        """A new version."""
        session, kind = database(), kind_of(code)
        if request.method == "GET":
            rules = policy(session, kind)
            newest = next(iter(revisions(session, code)), None)
            values = {
                "mode": rules.mode.value,
                "chain": _in_reader_words(_text(rules.links)),
                "minutes": str(rules.minutes),
                "note": "",
            }
            return self._form(kind, values, {}, str(newest.revision if newest else 0))
        parsed = parse(session, WANTED, request.form)
        chain = understood(parsed.values["chain"] or "", CHAIN_WORDS)
        seen = request.form.get("_version", "")
        if not parsed.errors:
            try:
                number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1
                revise(session, code, seen=number, **{**parsed.values, "chain": chain})
            except StaleError:
                raise
            except RuleError as refusal:
                parsed.refuse(refusal.field or "chain", str(refusal))
        if parsed.errors:
            return self._form(kind, parsed.typed, parsed.errors, seen), 422
        flash(_("「%(kind)s」的新规则已生效，在批的单据仍按原规则走完。", kind=kind.label), "success")
        return redirect(f"/approval-rules/{code}")

    def _row(self, kind: Kind, rules: Any) -> Row:
        url = f"/approval-rules/{kind.code}"
        newest = database().get(ApprovalPolicy, rules.policy_id) if rules.policy_id else None
        cells = (
            Cell(kind.label), Cell(rules.mode.label), Cell(" → ".join(POSTS[link.post].label for link in rules.links)),
            Cell(_time(rules.minutes)), Cell(_("第 %(n)s 版", n=newest.revision) if newest else _("默认")),
        )  # fmt: skip
        return Row(kind.code, url, kind.label, cells, (Link(_("查看"), url),))

    def _form(self, kind: Kind, values: dict[str, Any], errors: dict[str, list[str]], seen: str) -> str:
        unit = (
            _("上限的单位：%(unit)s。", unit=kind.unit)
            if kind.unit
            else _("「0」是审核后交下一岗位，「不限」是到这一岗位为止。")
        )
        hint = _("每行一个岗位和上限，例如「销售主管 0.5」，最后一行写「不限」。")

        def field(name: str, label: str, form: Any, **more: Any) -> FormField:
            return FormField(
                name, label, form, required=True, value=values.get(name, ""), errors=tuple(errors.get(name, ())), **more
            )

        fields = (
            field("mode", _("方式"), "select", options=tuple(Option(m.value, m.label) for m in Mode)),
            field("minutes", _("每步时限"), "number", suffix=_("分钟"), hint=_("按营业时间计算，超时通知上一级")),
            field("chain", _("审批链"), "textarea", wide=True, rows=6, hint=hint + unit),
            field("note", _("修改原因"), "text", wide=True),
        )
        page = FormPage(
            title=_("修改审批规则：%(kind)s", kind=kind.label),
            sections=(FormSection("", fields),),
            submit_label=_("发布新版次"),
            back_url=f"/approval-rules/{kind.code}",
            crumbs=(
                Crumb(_("审批规则"), "/approval-rules"),
                Crumb(kind.label, f"/approval-rules/{kind.code}"),
                Crumb(_("修改")),
            ),
            version=seen,
            confirm_title=_("发布新的审批规则？"),
            confirm=_("新提交的单据立即按新规则走，在批的单据不受影响。"),
        )
        return self.render_template("doc/form.html", page=page)


def _in_reader_words(chain: str) -> str:
    """The lines of the input; `understood` reads them back."""
    return "\n".join(str(shown(line)) for line in chain.splitlines())


def _text(links: list[ChainLink]) -> str:
    return "\n".join(f"{POSTS[link.post].label} {_limit(link)}" for link in links)


def _limit(link: ChainLink) -> str:
    return "不限" if link.limit is None else f"{link.limit:f}"


def _stations(links: list[ChainLink], kind: Kind) -> Table:
    columns = (
        Column("post", _("岗位"), phone="hd"),
        Column("limit", _("上限"), numeric=True),
        Column("unit", _("单位")),
    )
    rows = tuple(
        Row(
            link.post,
            "",
            POSTS[link.post].label,
            (
                Cell(POSTS[link.post].label),
                Cell(_limit(link) if link.limit != 0 else _("审核后交下一岗位"), numeric=True),
                Cell(kind.unit),
            ),
        )
        for link in links
    )
    return Table(columns, rows)


def _versions(known: list[ApprovalPolicy], names: dict[int, str]) -> Table:
    columns = (
        Column("revision", _("版次"), phone="hd"), Column("from", _("生效时间")), Column("who", _("修改人")), Column("mode", _("方式")),
        Column("chain", _("审批链")), Column("note", _("修改原因")),
    )  # fmt: skip
    rows = tuple(
        Row(
            str(p.revision),
            "",
            str(p.revision),
            (
                Cell(_("第 %(n)s 版", n=p.revision)),
                Cell(moment(p.effective_from)),
                Cell(names.get(p.created_by or 0, "")),
                Cell(p.mode.label),
                Cell("；".join(p.chain.splitlines()), sub=_time(p.minutes)),
                Cell(p.note),
            ),
        )
        for p in known
    )
    return Table(columns, rows, empty=_("还没有修改过"))
