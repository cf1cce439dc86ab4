"""银行流水 from a table, and the 对账 page: what the bank has and the book has not, and the other way round."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812

from app.extensions import db
from app.features.payments.bank.effects import live_matches, match_all, open_lines
from app.features.payments.bank.models import BankLine, LineState
from app.features.payments.bank.reading import imported_until, lines_of, unproved_since, waiting_at_the_bank
from app.features.payments.bank.rules import check_booked, check_sides
from app.features.payments.models import Method, Receipt, ReceiptState
from app.features.payments.views.accounts import BOOKS
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import NotFound
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.screens.parts import Card, Cell, Column, Crumb, Link, Row, Table
from app.kernel.screens.report_page import Kpi, ReportPage, ReportPart
from app.kernel.screens.view import DocumentView

KEEPERS = frozenset({Post.DEVELOPER_FINANCE})
READERS = BankLine.audience.posts
SHOWN = 200


def _sides(_desk: Desk, values: Values) -> None:
    check_sides(values.get("income") or 0, values.get("outgo") or 0)


def _booked(_desk: Desk, values: Values) -> None:
    check_booked(values["booked_on"], now().date())


LINES_IN = Import(
    columns=(
        ImportColumn(
            "credited", aliases=("账户", "账户类型", "本方账户", "账户性质"), required=False,
            words={"监管户": "监管账户", "预售资金监管户": "监管账户", "一般户": "一般账户", "基本户": "一般账户"},
        ),
        ImportColumn("booked_on", in_order=True, aliases=("记账日期", "入账日期", "记账日", "交易日期", "交易日", "日期", "发生日期", "交易时间")),
        ImportColumn("income", required=False, aliases=("收入", "贷方发生额", "贷方金额", "收入金额(元)", "贷方", "贷方发生额(收入)", "转入金额", "存入金额")),
        ImportColumn("outgo", required=False, aliases=("支出", "借方发生额", "借方金额", "支出金额(元)", "借方", "借方发生额(支取)", "转出金额", "支取金额")),
        ImportColumn("counterparty", aliases=("对方户名", "对方名称", "对方账户名称", "对手户名", "付款人", "交易对方", "对方单位名称")),
        ImportColumn("reference", kind="identity", in_order=True, aliases=("流水号", "交易流水号", "账户明细编号-交易流水号", "核心流水号", "交易参考号", "回单编号", "流水", "凭证号", "企业流水号")),
        ImportColumn("memo", in_order=True, aliases=("用途", "附言", "交易用途", "交易附言", "备注", "摘要", "交易摘要", "摘要描述")),
    ),
    key=("credited", "booked_on", "income", "outgo", "reference"), each=(_sides, _booked),
    notes=(
        L("按网银下载的明细直接导入，工行、农行、中行、建行、招行常见的表头都认得。"),
        L("收入和支出填一列，另一列留空；POS 清算款按银行入账的净额。"),
    ),
)  # fmt: skip


class BankLineView(DocumentView):
    """银行流水."""

    model = BankLine
    label = L("银行流水")
    category = BOOKS
    icon = "cols"
    creators = KEEPERS
    exporters = KEEPERS
    form = ("credited", "booked_on", "income", "outgo", "counterparty", "reference", "memo")
    listed = ("booked_on", "credited", "income", "outgo", "counterparty", "reference", "memo", "explanation", "state")
    filters = ("state", "credited", "booked_on")
    search = ("reference", "memo", "explanation")
    sortable = ("booked_on",)
    order = ("-booked_on",)
    summed = ("income", "outgo")
    editable_states = (LineState.OPEN,)
    importable = LINES_IN
    chips = (("open", L("未对账"), lambda query, actor: query.where(BankLine.state == LineState.OPEN)),)
    facts = ("booked_on", "credited", "income", "outgo", "counterparty", "reference", "memo", "explanation")
    empty_hint = L("从网银下载明细，点「导入」")

    def check(self, record: Any, actor: Actor) -> None:
        """Money in or money out, not in the future."""
        record.income, record.outgo = record.income or 0, record.outgo or 0
        check_sides(record.income, record.outgo)
        check_booked(record.booked_on, now().date())

    def may_edit(self, record: Any, actor: Actor) -> bool:
        """What the bank says is not changed."""
        return False

    def delete_words(self, record: Any) -> tuple[str, str]:
        """The bank's own line goes only where it came in by mistake."""
        return _("删除"), _("只删重复导入或导错的流水；银行确有这一笔的，对账时会缺它。删除后不能恢复。")

    def list_acts(self, actor: Actor, query_text: str = "") -> list[Link]:
        """The way to the differences."""
        return [*super().list_acts(actor, query_text), Link(_("对账"), "/reconciliation/", icon="check")]


def matches_card(line: BankLine, _actor: Actor) -> Card | None:
    """What proves the line."""
    columns = (
        Column("paper", _("单据"), phone="hd"), Column("amount", _("金额"), numeric=True), Column("how", _("依据")), Column("at", _("对账时间")),
    )  # fmt: skip
    rows = tuple(
        Row(str(found.id), _url(found.receipt or found.refund), str(found.receipt or found.refund), (
            Cell(str(found.receipt or found.refund)), Cell(format_amount(found.amount), numeric=True), Cell(_(found.how)), Cell(f"{found.at:%Y-%m-%d %H:%M}"),
        ))
        for found in live_matches(db.session(), line.id)
    )  # fmt: skip
    return Card(_("对上的单据"), "table", table=Table(columns, rows)) if rows else None


def receipt_card(receipt: Receipt, actor: Actor) -> Card | None:
    """What the bank says of a receipt: whoever confirms it looks there first."""
    if receipt.method is Method.CASH or not actor.holds(READERS, receipt.project_id):
        return None
    session = db.session()
    lines = lines_of(session, receipt)
    if lines:
        return Card(_("银行流水"), "table", table=_lines_table(lines))
    until = imported_until(session, receipt.project_id) if receipt.state is ReceiptState.PENDING else None
    if until is None:
        return None
    return Card(_("银行流水"), "html", html=_("导入到 %(day)s 的流水里，没有账户、金额、日期都相符的一笔。", day=until))


def _url(paper: Any) -> str:
    return f"/{paper.__tablename__}/show/{paper.id}" if paper is not None else ""


class ReconciliationView(BaseView):
    """/reconciliation/ — 对账 of the project in the top bar."""

    route_base = "/reconciliation"
    default_view = "page"
    posts: ClassVar = {"menu_access": READERS, "page": READERS, "run": KEEPERS}

    @expose("/")
    @has_access
    @permission_name("page")
    def page(self) -> Any:
        """Differences of both sides."""
        page = _page(_project())
        return self.render_template("report.html", page=page, title=page.title)

    @expose("/run", methods=("POST",))
    @has_access
    @permission_name("run")
    def run(self) -> Any:
        """自动对账."""
        number = match_all(db.session, me(), _project())
        flash(_("自动对上 %(n)s 条流水", n=number), "success")
        return redirect("/reconciliation/")


def _project() -> int:
    project_id = current_project_id()
    if project_id is None:
        raise NotFound("project")
    return project_id


def _page(project_id: int) -> ReportPage:
    session = db.session()
    lines = open_lines(session, project_id)
    unproved = unproved_since(session, project_id)
    waiting = waiting_at_the_bank(session, project_id, lines)
    none = _("都对上了") if imported_until(session, project_id) is not None else _("还没有导入银行流水，没有可以对的")
    acts = [Link(_("银行流水"), "/bank-line/list/")]
    if me().holds(KEEPERS, project_id):
        acts.insert(0, Link(_("自动对账"), "/reconciliation/run", tone="primary", method="post", icon="check"))
    return ReportPage(
        title=_("银行与 POS 对账"),
        crumbs=(Crumb(str(BOOKS)), Crumb(_("对账"))),
        acts=tuple(acts),
        lead=_("先导入银行流水，点「自动对账」；拿不准的在流水页面手工对上，不属于售楼款的写说明。现金不在这里对；最早一条流水之前的单据不列。"),
        kpis=(
            Kpi(_("银行有、账上没有"), str(len(lines)), _("条"), tone="warn" if lines else "ok"),
            Kpi(_("账上有、银行没有"), str(len(unproved)), _("张"), tone="warn" if unproved else "ok"),
            Kpi(_("银行已到、等确认"), str(len(waiting)), _("张"), tone="warn" if waiting else "ok"),
        ),
        parts=(
            ReportPart(_("银行有、账上没有"), table=_lines_table(lines, none)),
            ReportPart(_("账上有、银行没有"), table=_papers_table(unproved, none)),
            ReportPart(_("银行已到、收款单还待确认"), table=_papers_table(waiting, none)),
        ),
    )  # fmt: skip


def _lines_table(lines: list[BankLine], empty: str = "") -> Table:
    columns = (
        Column("day", _("交易日期"), phone="hd"), Column("account", _("银行账户")), Column("amount", _("金额"), numeric=True),
        Column("who", _("对方户名")), Column("reference", _("流水号")), Column("memo", _("摘要")),
    )  # fmt: skip
    rows = tuple(
        Row(str(line.id), f"/bank-line/show/{line.id}", line.title, (
            Cell(str(line.booked_on)), Cell(line.credited.label), Cell(format_amount(line.amount), numeric=True),
            Cell(line.counterparty), Cell(line.reference), Cell(line.memo),
        ))
        for line in lines[:SHOWN]
    )  # fmt: skip
    return Table(columns, rows, empty=empty)


def _papers_table(papers: list[Any], empty: str) -> Table:
    columns = (
        Column("number", _("单据"), phone="hd"), Column("account", _("收款账户")), Column("day", _("日期")),
        Column("amount", _("金额"), numeric=True), Column("reference", _("流水号")),
    )  # fmt: skip
    rows = tuple(
        Row(str(paper.id), _url(paper), str(paper), (
            Cell(str(paper)), Cell(paper.account.title), Cell(str(getattr(paper, "arrived_on", None) or paper.paid_on)),
            Cell(format_amount(paper.amount), numeric=True), Cell(paper.reference),
        ))
        for paper in papers[:SHOWN]
    )  # fmt: skip
    return Table(columns, rows, empty=empty)
