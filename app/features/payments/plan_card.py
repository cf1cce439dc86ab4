"""The plan of an account as rows of a page: 应收 · 已收 · 待确认. Pages of later rooms show it too (a tab of the 认购书)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import object_session

from app.features.payments.effects import confirmed_total, pending_total
from app.features.payments.effects.allocating import pending_parts
from app.features.payments.effects.late_fees import accrual, accruals
from app.features.payments.models import FundKind, OrderAccount, Receivable, ReceivableState
from app.features.payments.rules import Accrual
from app.features.pricing.line_words import line_words
from app.kernel.actors import Actor
from app.kernel.money import capitals, format_amount
from app.kernel.screens.display import DASH, tag_html
from app.kernel.screens.parts import CalcLine, Card, Cell, Column, Row, Table

APART = (FundKind.FEE, FundKind.LATE_FEE, FundKind.COLLECTED, FundKind.PROPERTY)


def plan_card(account: OrderAccount, _actor: Actor) -> Card:
    """The whole plan with totals, cancelled rows included: they show what was agreed before."""
    return Card(_("应收计划"), "table", table=plan_table(account), note=account.order_number)


def plan_table(account: OrderAccount) -> Table:
    """One line a receivable; totals leave cancelled rows out."""
    session: Any = object_session(account)
    query = select(Receivable).where(Receivable.account_id == account.id).order_by(Receivable.id)
    rows = sorted(session.scalars(query), key=lambda row: row.due_on or date.max)  # 签约后定 comes after what has a day
    waiting, fees = pending_parts(session, account), accruals(session, rows)
    columns = (
        Column("kind", _("款项类型"), phone="hd"), Column("line", _("分项")), Column("payer", _("付款方")), Column("due", _("应收日")),
        Column("amount", _("应收"), numeric=True), Column("received", _("已收"), numeric=True),
        Column("pending", _("待确认"), numeric=True), Column("open", _("未收"), numeric=True),
        Column("state", _("状态"), phone="badge"),
    )  # fmt: skip
    live = [row for row in rows if row.state is not ReceivableState.CANCELLED]
    sums = (
        sum((r.amount for r in live), Decimal(0)), sum((r.received for r in live), Decimal(0)),
        sum(waiting.values(), Decimal(0)), sum((r.open_amount for r in live), Decimal(0)),
    )  # fmt: skip
    totals = (Cell(_("合计")), Cell(), Cell(), Cell(), *(_amount(value) for value in sums), Cell())
    return Table(columns, tuple(_row(row, waiting, fees) for row in rows), totals, empty=_("还没有应收行"))


def _row(row: Receivable, waiting: dict[int, Decimal], fees: dict[int, Accrual]) -> Row:
    kind = f"{row.kind.label} {row.instalment}" if row.instalment > 1 else row.kind.label
    late = fees.get(row.id)
    fee = _("滞纳金 %(n)s 元", n=format_amount(late.uncharged)) if late is not None and late.uncharged else ""
    due = _("延期至 %(day)s", day=row.extended_to) if row.extended_to else ""
    cells = (
        Cell(kind, sub=row.note or fee), Cell(line_words(row.line, row.line_name)), Cell(row.payer.label), Cell(str(row.due_on) if row.due_on else _("签约后定"), sub=due),
        _amount(row.amount), _amount(row.received), _amount(waiting.get(row.id, Decimal(0))), _amount(row.open_amount),
        Cell(tag_html(row.state)),
    )  # fmt: skip
    return Row(str(row.id), f"/receivable/show/{row.id}", kind, cells)


def _amount(value: Decimal) -> Cell:
    return Cell(format_amount(value) if value else DASH, numeric=True)


def lines_card(account: OrderAccount, _actor: Actor) -> Card | None:
    """应收 · 已收 · 待确认 · 未收 of every 计价项目; only where something is sold beside the home."""
    session: Any = object_session(account)
    waiting = pending_parts(session, account)
    sums: dict[str, list[Decimal]] = {}
    for row in account.receivables:
        if row.state is ReceivableState.CANCELLED or row.kind in APART:
            continue
        name = line_words(row.line, row.line_name) or _("未分项")
        parts = (row.amount, row.received, waiting.get(row.id, Decimal(0)), row.open_amount)
        sums[name] = [a + b for a, b in zip(sums.get(name, [Decimal(0)] * 4), parts, strict=True)]
    if len(sums) < 2:
        return None
    heads = (_("应收"), _("已收"), _("待确认"), _("未收"))
    columns = (
        Column("line", _("分项"), phone="hd"),
        *(Column(f"c{n}", head, numeric=True) for n, head in enumerate(heads)),
    )
    rows = tuple(Row(name, "", name, (Cell(name), *(_amount(v) for v in values))) for name, values in sums.items())
    whole = [sum(column, Decimal(0)) for column in zip(*sums.values(), strict=True)]
    return Card(_("分项应收"), "table", table=Table(columns, rows, (Cell(_("合计")), *(_amount(v) for v in whole))))


def balance_card(account: OrderAccount, _actor: Actor) -> Card:
    """已收 from the ledger, beside it 待确认; what is not yet used by a row is 预收."""
    session: Any = object_session(account)
    confirmed, pending = confirmed_total(session, account.id), pending_total(session, account.id)
    owed = [r for r in account.receivables if r.kind not in APART and r.state is not ReceivableState.CANCELLED]
    prepaid = confirmed - sum((r.received for r in owed), Decimal(0))
    extra = sum((r.amount for r in owed if r.kind is FundKind.DIFFERENCE), Decimal(0))
    of_order = account.is_of_order
    lines = [
        CalcLine(_("成交总价") if of_order else _("应交"), format_amount(account.total)),
        CalcLine(_("待确认（不算已收）"), format_amount(pending)),
    ]
    if extra:
        lines.insert(1, CalcLine(_("补差"), format_amount(extra)))
    if prepaid:
        lines.append(CalcLine(_("其中预收未用"), format_amount(prepaid)))
    if account.closed_at is None:
        left = sum((r.open_amount for r in owed), Decimal(0))  # what came beyond it stands above as 预收
        lines.append(CalcLine(_("房款未收") if of_order else _("未收"), format_amount(left), "sum"))
    return Card(
        _("已收房款") if of_order else _("已收"), "calc", total=format_amount(confirmed), total_unit=_("元"),
        words=capitals(confirmed, prefix="人民币") if confirmed >= 0 else "", lines=tuple(lines),
    )  # fmt: skip


def late_fee_card(row: Receivable, _actor: Actor) -> Card | None:
    """How the late fee of a row stands today: accrued by the contract, charged, waived, still to be charged."""
    session: Any = object_session(row)
    found = accrual(session, row)
    if not found.late.days:
        return None
    rate = row.account.late_rate or Decimal(0)
    lines = [
        CalcLine(_("逾期天数"), str(found.late.days)),
        CalcLine(_("日费率"), _("万分之 %(n)s", n=f"{(rate * 10000).normalize():f}")),
        CalcLine(_("已计收"), format_amount(found.charged)),
        CalcLine(_("已减免"), format_amount(found.waived)),
        CalcLine(_("尚未计收"), format_amount(found.uncharged), "sum"),
    ]
    note = _("从应收日（延期的从延期日）次日起算，计至今天")
    return Card(
        _("滞纳金"), "calc", total=format_amount(found.late.fee), total_unit=_("元"), lines=tuple(lines), note=note
    )
