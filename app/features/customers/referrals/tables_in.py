"""老带新 from the ledger that the site kept in Excel: whoever has bought since comes in as earned, what was handed out as paid."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.features.customers.models import Customer
from app.features.customers.name_lookup import customers_named
from app.features.customers.referrals.effects import check_pair, fill_referral, reached_on
from app.features.customers.referrals.models import Condition, Referral, ReferralState
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.imports.by_form import filled
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.imports.lookups import chunks
from app.kernel.posts import Post
from app.kernel.workflow import as_step, fire

OF_FORM = ("referrer_id", "customer_id", "condition", "reward", "amount")


def referrals_known(desk: Desk, rows: list[Values]) -> list[Any]:
    """The live 老带新 of the new customer; he was brought by one person only."""
    found: dict[int, Referral] = {}
    for some in chunks(sorted({row["customer_id"] for row in rows})):
        query = select(Referral).where(Referral.customer_id.in_(some), Referral.state != ReferralState.VOID)
        found |= {one.customer_id: one for one in desk.session.scalars(query)}
    return [_same(row, found.get(row["customer_id"])) for row in rows]


def _same(row: Values, known: Referral | None) -> Any:
    if known is None or known.referrer_id == row["referrer_id"]:
        return known
    return RuleError(
        "新客户已登记由「{name}」推荐（{number}）", field="customer_id", name=known.referrer_name, number=known.number
    )


def _paper(desk: Desk, values: Values) -> Referral:
    paper: Referral = filled(desk, {name: values.get(name) for name in OF_FORM})
    return paper


def check_told(_desk: Desk, values: Values) -> None:
    """Told by today."""
    if (told_on := values.get("told_on")) is not None and told_on > now().date():
        raise RuleError("登记日期不能晚于今天", field="told_on")


def check_reward(_desk: Desk, values: Values) -> None:
    """A reward is worth something."""
    if (amount := values.get("amount")) is not None and amount <= 0:
        raise RuleError("请填写大于 0 的金额", field="amount")


def check_row(desk: Desk, values: Values) -> None:
    """As the form refuses; a reward that was handed out was earned before, and only its approver brings it in."""
    told_on, paid_on = values.get("told_on"), values.get("paid_on")
    session: Any = desk.session
    with session.no_autoflush:
        paper = _paper(desk, values)
        _old, new = check_pair(session, paper, told_on)
    if paid_on is not None:
        _check_paid(desk, values, new, paper.condition)
    elif values.get("paid_how"):
        raise RuleError("写了兑现方式，请同时填兑现日", field="paid_on")


def _check_paid(desk: Desk, values: Values, new: Customer, condition: Condition) -> None:
    if not desk.actor.holds({Post.SITE_MANAGER}, desk.project_id):
        raise RuleError("已兑现的由案场经理导入（奖励由案场经理批准）", field="paid_on")
    reached = reached_on(new, condition)
    if reached is None:
        raise RuleError(
            "新客户现在是「{state}」，没有达到奖励条件，不能登记兑现", field="paid_on", state=new.state.label
        )
    if not reached <= values["paid_on"] <= now().date():
        raise RuleError("兑现日应在达到条件那天（{day}）和今天之间", field="paid_on", day=reached)
    if not values.get("paid_how"):
        raise RuleError("请填写兑现方式（签收人、凭证号）", field="paid_how")


def enter_row(desk: Desk, values: Values) -> Referral:
    """Registered; as far as the new customer has come by now, the paper has come too."""
    session, actor = desk.session, desk.actor
    with session.no_autoflush, as_step(session):
        paper = _paper(desk, values)
        fill_referral(session, paper, values.get("told_on"))
        session.add(paper)
        session.flush()
    new = session.scalars(select(Customer).where(Customer.id == paper.customer_id)).one()
    reached = reached_on(new, paper.condition)
    if values.get("paid_on") is not None:
        told = {"on": reached, "paid_on": values["paid_on"], "paid_how": values["paid_how"]}
        fire(session, paper, "book", actor, internal=True, note="导入的台账", **told)
    elif reached is not None:
        fire(session, paper, "earn", actor, internal=True, note="导入的台账", on=reached)
    return paper


REFERRALS_IN = Import(
    columns=(
        ImportColumn(
            "referrer_id", look_up=customers_named, required=True, compared=False, personal="phone",
            aliases=("老业主", "推荐人", "介绍人", "老客户姓名", "推荐人姓名", "推荐人电话", "老业主电话", "老客户电话", "推荐人手机"),
        ),
        ImportColumn(
            "customer_id", look_up=customers_named, required=True, compared=False, personal="phone",
            aliases=("被推荐人", "新业主", "新客户姓名", "被推荐人姓名", "被推荐人电话", "新客户电话", "新业主电话", "新客户手机"),
        ),
        ImportColumn("told_on", L("登记日期"), kind="date", compared=False, aliases=("推荐日期", "介绍日期", "日期"),
                     hint=L("新客户已经认购的必填，须不晚于认购日")),
        ImportColumn("condition", aliases=("兑现条件", "条件"), words={"认购": "新客户认购", "签约": "新客户签约"}),
        ImportColumn("reward", aliases=("奖励", "奖励方式", "推荐奖励")),
        ImportColumn("amount", aliases=("奖励金额", "金额", "折合金额")),
        ImportColumn("paid_on", kind="date", compared=False, aliases=("兑现日期", "发放日期", "领取日期"), hint=L("已兑现的由案场经理导入")),
        ImportColumn("paid_how", kind="text", limit=200, compared=False, aliases=("发放方式", "签收人", "领取人")),
    ),
    key=("customer_id",), by=frozenset({Post.SUPERVISOR, Post.SITE_MANAGER}), known=referrals_known, each=(check_told, check_reward), check=check_row, create=enter_row,
    notes=(
        L("老客户、新客户写手机号码或姓名，都要先在客户列表里；同名的请写手机。"),
        L("新客户已达到条件的进来就是「已达到条件」，等案场经理批准；写了兑现日的是「已兑现」，由案场经理导入。"),
    ),
)  # fmt: skip
