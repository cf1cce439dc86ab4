"""The page of 凭证导出: figures, lines, what stands against the month, who has taken it away before."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.extensions import db
from app.features.organisation.models.settings import PARAMETER_READERS
from app.features.organisation.parameter_table import PARAMETERS
from app.features.payments.closing.guard import is_closed
from app.features.payments.views.accounts import BOOKS
from app.features.payments.vouchers.files import IMPORTED, PROGRAMS, Program
from app.features.payments.vouchers.reading import Taking, books_of, takings, voucher_lines
from app.features.payments.vouchers.rules import Books, Fault, VoucherLine, balances, too_long, unbroken
from app.kernel.base import now
from app.kernel.entrance import me
from app.kernel.money import format_amount
from app.kernel.months import beside
from app.kernel.screens.parts import Cell, Column, Crumb, Link, Row, Table, Tag
from app.kernel.screens.report_page import Kpi, ReportPage, ReportPart

SHOWN = 200
LINE = Markup("<br>")


def page_of(
    project_id: int, month: str, may_take: bool, wrong: Sequence[Fault] = (), refused: Program | None = None
) -> ReportPage:
    """The month; `refused` is the program whose file was not made, with what is wrong in the parameters."""
    session = db.session()
    lines = voucher_lines(session, project_id, month)
    books = books_of(session, project_id, me().name)
    taken, closed = takings(session, project_id, month), is_closed(session, project_id, month)
    debit, credit = balances(lines)
    parts = [ReportPart(_("导出记录"), table=_log(taken))] if taken else []
    parts.append(ReportPart(_("分录"), table=_table(lines, books)))
    notes = [*_refusal(wrong, refused, bool(lines), project_id), *_notes(month, lines, taken, closed, may_take)]
    return ReportPage(
        title=_("%(month)s 月凭证", month=month), tag=Tag(_("已结账"), "ok") if closed else Tag(_("未结账"), "warn"),
        crumbs=(Crumb(str(BOOKS)), Crumb(_("凭证导出"), "/voucher-export/")), acts=_acts(month, may_take and bool(lines)),
        lead=_lead(project_id, len(lines)), note=LINE.join(notes) if notes else "",
        kpis=(
            Kpi(_("凭证"), str(_last(lines)), _("张")),
            Kpi(_("借方合计"), format_amount(debit), _("元")),
            Kpi(_("贷方合计"), format_amount(credit), _("元"), tone="ok" if debit == credit else "warn"),
        ),
        parts=tuple(parts),
    )  # fmt: skip


def _last(lines: Sequence[VoucherLine]) -> int:
    return lines[-1].number if lines else 0


def _lead(project_id: int, number: int) -> str:
    lead = _(
        "按总账逐张生成，红冲的分录留在原来一边、金额为负；科目代码、凭证字和制单人在参数的「凭证导出」一组里填写。"
    )
    return lead + (_("这里只列前 %(n)s 行，导出是全部。", n=SHOWN) if number > SHOWN else "")


def _parameters(project_id: int) -> Markup:
    """The way to the parameters, for who may read them; the others are told whose they are."""
    if me().holds(PARAMETER_READERS, project_id):
        return Markup('<a href="/parameters/">{}</a>').format(_("打开参数"))
    return escape(_("请销管部在「参数 → 凭证导出」里修改。"))


def _refusal(wrong: Sequence[Fault], refused: Program | None, any_lines: bool, project_id: int) -> list[Markup]:
    """Why no file was made, value by value."""
    if refused is None:
        return []
    if not any_lines:
        return [escape(_("没有导出：这个月没有凭证。"))]
    if not wrong:
        return [escape(_("没有导出：这个号以后没有凭证。"))]
    found = "；".join(
        _("「%(label)s」现在是「%(value)s」", label=_(PARAMETERS[one.key].label), value=one.value or _("空"))
        for one in wrong
    )
    rule = (
        _("科目代码应为 3—15 位数字，级次之间可以用点隔开（导出时去掉），凭证字应为 1—4 个字")
        if refused.key == "yonyou"
        else _("科目代码应为字母、数字、点或横线，凭证字应为 1—4 个字")
    )
    said = _(
        "没有导出，%(program)s不认这些参数：%(found)s。%(rule)s。", program=_(refused.label), found=found, rule=rule
    )
    return [escape(said) + " " + _parameters(project_id)]


def _notes(
    month: str, lines: Sequence[VoucherLine], taken: Sequence[Taking], closed: bool, may_take: bool
) -> list[Markup]:
    """What to know before the month is taken away: still open, taken before, grown since, texts that are cut."""
    notes = []
    if lines and not closed:
        notes.append(
            escape(_("%(month)s 还没有结账：以后记进这个月的凭证接着往后编号。结账以后再导出，一次就全。", month=month))
            + Markup(' <a href="/month-close/list/">{}</a>').format(_("月结"))
        )
    notes += _taken_before(month, lines, taken, may_take)
    for program in IMPORTED:
        if cut := too_long(lines, program.most):
            notes.append(
                escape(
                    _(
                        "%(n)s 张凭证的摘要超过%(program)s的长度（%(most)s 个字节，一个汉字算两个），导出时截短，全文见总账。",
                        n=cut, program=_(program.label), most=program.most,
                    )
                )
            )  # fmt: skip
    return notes


def _taken_before(month: str, lines: Sequence[VoucherLine], taken: Sequence[Taking], may_take: bool) -> list[Markup]:
    """Vouchers with the same day, word and number are twice in the books when a month is taken in twice: what each program was
    given before, and what it lacks."""
    notes: list[Markup] = []
    for program in IMPORTED:
        given = [one for one in taken if one.program == program.key]
        if given:
            notes.append(_said(given[0], program))
            notes += _lacking(month, _last(lines), given, program, may_take)
    return notes


def _said(newest: Taking, program: Program) -> Markup:
    told = {"who": newest.person, "at": f"{newest.at:%Y-%m-%d %H:%M}", "program": _(program.label)}
    if not newest.last:  # lines of older versions tell no numbers
        return escape(_("%(who)s 在 %(at)s 导出过这个月的%(program)s凭证；已经引入账套的不要再引入一次。", **told))
    return escape(
        _(
            "%(who)s 在 %(at)s 导出过这个月的%(program)s凭证（第 %(a)s—%(b)s 号）；已经引入账套的不要再引入一次。",
            a=newest.first, b=newest.last, **told,
        )
    )  # fmt: skip


def _lacking(month: str, last: int, given: Sequence[Taking], program: Program, may_take: bool) -> list[Markup]:
    numbered = [one for one in given if one.last]
    known = unbroken((one.first, one.last) for one in numbered)
    if not numbered or last <= known:
        return []
    if known == max(one.last for one in numbered):
        text = escape(_("在那以后又记了 %(n)s 张，从第 %(a)s 号起。", n=last - known, a=known + 1))
    else:
        text = escape(
            _("%(program)s凭证没有从第 1 号起连续导出过，缺的从第 %(a)s 号起。", program=_(program.label), a=known + 1)
        )
    if not may_take:
        return [text]
    way = Markup(' <a href="/voucher-export/sheet?program={}&amp;month={}&amp;first={}">{}</a>')
    label = (
        _("只导出新增的（%(program)s）", program=_(program.label))
        if known
        else _("导出%(program)s", program=_(program.label))
    )
    return [text + way.format(program.key, month, known + 1, label)]


def _acts(month: str, may_take: bool) -> tuple[Link, ...]:
    """The months beside, and the files for whoever may take them away."""
    acts = [Link(_("上月"), f"/voucher-export/?month={beside(month, -1)}")]
    if month < f"{now():%Y-%m}":
        acts.append(Link(_("下月"), f"/voucher-export/?month={beside(month, 1)}"))
    if may_take:
        acts += [
            Link(_("导出%(program)s", program=_(one.label)), f"/voucher-export/sheet?program={one.key}&month={month}", icon="download")
            for one in PROGRAMS.values()
        ]  # fmt: skip
    return tuple(acts)


def _table(lines: Sequence[VoucherLine], books: Books) -> Table:
    columns = (
        Column("number", _("凭证号"), phone="hd"), Column("day", _("日期")), Column("memo", _("摘要")), Column("code", _("科目")),
        Column("debit", _("借方"), numeric=True), Column("credit", _("贷方"), numeric=True),
    )  # fmt: skip
    rows = tuple(
        Row(f"{line.number}-{line.line}", "", line.memo, (
            Cell(f"{books.word}-{line.number}"), Cell(str(line.day)), Cell(line.memo),
            Cell(line.code.label, sub=books.codes[line.code]),
            Cell(format_amount(line.debit) if line.debit else "", numeric=True),
            Cell(format_amount(line.credit) if line.credit else "", numeric=True),
        ))
        for line in lines[:SHOWN]
    )  # fmt: skip
    sums = (Cell(format_amount(side), numeric=True) for side in balances(lines))
    totals = (Cell(_("合计")), Cell(), Cell(), Cell(), *sums)
    return Table(columns, rows, totals if rows else (), empty=_("这个月没有凭证"))


def _log(taken: Sequence[Taking]) -> Table:
    columns = (
        Column("at", _("时间"), phone="hd"), Column("who", _("导出人")), Column("program", _("格式")), Column("numbers", _("凭证号")),
        Column("debit", _("借方合计"), numeric=True), Column("closed", _("当时")),
    )  # fmt: skip
    rows = tuple(
        Row(str(number), "", one.person, (
            Cell(f"{one.at:%Y-%m-%d %H:%M}"), Cell(one.person),
            Cell(_(PROGRAMS[one.program].label) if one.program in PROGRAMS else one.program),
            Cell(f"{one.first}—{one.last}" if one.last else ""), Cell(format_amount(one.debit) if one.debit else "", numeric=True),
            Cell(_("已结账") if one.closed else _("未结账")),
        ))
        for number, one in enumerate(taken)
    )  # fmt: skip
    return Table(columns, rows)
