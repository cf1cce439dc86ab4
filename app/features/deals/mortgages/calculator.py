"""/loan-calculator: what a loan costs every month — 商业, 公积金 or both; for quoting only (02 §2.3.5)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from flask import render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app.extensions import db
from app.features.deals.mortgages.models import Repayment
from app.features.pricing.rules.loan import (
    Loan,
    falling_interest,
    falling_payment,
    level_interest,
    level_payment,
    required_income,
)
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.posts import ALL_POSTS, Post
from app.kernel.screens.form_page import FormField, FormPage, FormSection
from app.kernel.screens.inputs import Parsed, Wanted, parse
from app.kernel.screens.parts import Card, Cell, Column, Crumb, Fact, Option, Row, Table
from app.kernel.words import several

LENDERS = ("bank", "fund")
LONGEST, MONTHS = 50, 12
DEFAULTS = {"bank_rate": "3.5%", "bank_years": "30", "fund_rate": "2.6%", "fund_years": "30", "repayment": "level"}
KINDS = {"amount": "money", "rate": "rate", "years": "integer"}


class LoanCalculatorView(BaseView):
    """The page stores nothing."""

    route_base = "/loan-calculator"
    default_view = "page"
    posts: ClassVar = {"menu_access": ALL_POSTS - {Post.ADMIN}, "page": ALL_POSTS - {Post.ADMIN}}

    @expose("/", methods=["GET", "POST"])
    @has_access
    @permission_name("page")
    def page(self) -> Any:
        """GET asks, ?bank_amount=770000 fills in; POST answers below the same form."""
        typed = request.form if request.method == "POST" else DEFAULTS | request.args.to_dict()
        given = parse(db.session(), _wanted(), typed)
        loans: dict[str, Loan] = {}
        errors: tuple[str, ...] = ()
        asked = request.method == "POST" or any(f"{who}_amount" in request.args for who in LENDERS)
        if asked and not given.errors:
            try:
                loans = _loans(given)
            except RuleError as error:
                errors = (str(error),)
        results = _results(loans, Repayment(typed.get("repayment", "level"))) if loans else ()  # type: ignore[call-arg]
        page = _form(typed, given if asked else None, errors, results)
        return render_template("doc/form.html", page=page), 422 if asked and not loans else 200


def _labels() -> dict[str, str]:
    return {
        "bank_amount": _("商业贷款金额"), "bank_rate": _("商业贷款年利率"), "bank_years": _("商业贷款年限"),
        "fund_amount": _("公积金贷款金额"), "fund_rate": _("公积金贷款年利率"), "fund_years": _("公积金贷款年限"),
    }  # fmt: skip


def _wanted() -> list[Wanted]:
    labels = _labels()
    lines = [
        Wanted(name, label, KINDS[name.partition("_")[2]], places=6 if name.endswith("rate") else 2, unit="%" if name.endswith("rate") else "")
        for name, label in labels.items()
    ]  # fmt: skip
    return [*lines, Wanted("repayment", _("还款方式"), "choice", required=True, choices=Repayment)]


def _loans(given: Parsed) -> dict[str, Loan]:
    """The loans that were asked for. Raises RuleError when there is none, or one has no rate or term."""
    found: dict[str, Loan] = {}
    for who in LENDERS:
        amount, rate, years = (given.values.get(f"{who}_{part}") for part in KINDS)
        if amount is None:
            continue
        if rate is None or years is None or not 1 <= years <= LONGEST:
            raise RuleError("请填写年利率和 1 至 {n} 年的年限", n=LONGEST)
        found[who] = Loan(amount, Decimal(rate), years * MONTHS)
    if not found:
        raise RuleError("请填写商业贷款或公积金贷款的金额")
    return found


def _results(loans: dict[str, Loan], repayment: Repayment) -> tuple[Card, ...]:
    falling = repayment is Repayment.FALLING
    first = sum((_month(loan, 1, falling) for loan in loans.values()), Decimal(0))
    interest = sum((falling_interest(k) if falling else level_interest(k) for k in loans.values()), Decimal(0))
    facts = (
        Fact(_("首月还款") if falling else _("月供"), _("%(n)s 元", n=format_amount(first))),
        Fact(_("利息合计"), _("%(n)s 元", n=format_amount(interest))),
        Fact(_("月收入至少"), _("%(n)s 元", n=format_amount(required_income(first)))),
        Fact(_("说明"), _("以银行审批为准")),
    )
    names = {"bank": _("商业贷款"), "fund": _("公积金贷款")}
    columns = (Column("period", _("期次"), phone="hd"), *(Column(who, names[who], numeric=True) for who in loans),
               *((Column("sum", _("合计"), numeric=True),) if len(loans) > 1 else ()))  # fmt: skip
    rows = tuple(_row(i, since, until, loans, falling) for i, (since, until) in enumerate(_spans(loans, falling)))
    return (
        Card(_("测算结果"), "facts", facts=facts),
        Card(_("每期还款（元）"), "table", table=Table(columns, rows)),
    )


def _month(loan: Loan, month: int, falling: bool) -> Decimal:
    if month > loan.months:
        return Decimal(0)
    return falling_payment(loan, month) if falling else level_payment(loan)


def _spans(loans: dict[str, Loan], falling: bool) -> list[tuple[int, int]]:
    """Months that cost the same; with 等额本金 the first of every year, and the last."""
    longest = max(loan.months for loan in loans.values())
    if falling:
        return [(month, month) for month in (1, 2, *range(MONTHS + 1, longest, MONTHS), longest)]
    ends = sorted({loan.months for loan in loans.values()})
    return list(zip([1, *(end + 1 for end in ends[:-1])], ends, strict=True))


def _row(number: int, since: int, until: int, loans: dict[str, Loan], falling: bool) -> Row:
    parts = [_month(loan, since, falling) for loan in loans.values()]
    period = _("第 %(n)s 期", n=since) if since == until else _("第 %(a)s—%(b)s 期", a=since, b=until)
    cells = [Cell(format_amount(part), numeric=True) for part in parts]
    if len(parts) > 1:
        cells.append(Cell(format_amount(sum(parts, Decimal(0))), numeric=True))
    return Row(str(number), "", period, (Cell(period), *cells))


def _form(typed: Any, given: Parsed | None, errors: tuple[str, ...], results: tuple[Card, ...]) -> FormPage:
    labels = _labels()

    def field(name: str) -> FormField:
        kind = KINDS[name.partition("_")[2]]
        return FormField(
            name, labels[name], {"money": "money", "rate": "text", "integer": "number"}[kind], value=typed.get(name, ""),  # type: ignore[arg-type]
            suffix={"money": _("元"), "rate": "", "integer": _("年")}[kind],
            hint=_("例如 770000") if kind == "money" else "", errors=tuple(given.errors.get(name, ())) if given else (),
        )  # fmt: skip

    how = FormField(
        "repayment", _("还款方式"), "choice", value=typed.get("repayment", "level"),
        options=tuple(Option(one.value, one.label) for one in Repayment),
        errors=tuple(given.errors.get("repayment", ())) if given else (),
    )  # fmt: skip
    names = {who: tuple(field(name) for name in labels if name.startswith(who)) for who in LENDERS}
    return FormPage(
        title=_("贷款计算器"),
        sections=(
            FormSection(_("商业贷款"), names["bank"]),
            FormSection(_("公积金贷款"), names["fund"], note=_("组合贷款两项都填")),
            FormSection("", (how,)),
        ),
        submit_label=_("计算"),
        back_url="/mortgage/list/",
        crumbs=(Crumb(several("交易")), Crumb(_("贷款计算器"))),
        errors=errors,
        above=results,
        lead=_("只用于测算，以银行审批为准。"),
    )
