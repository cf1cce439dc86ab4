"""What must hold between the lock of a flat and its contract (02 §2.2.1–3, §2.3.3), plain functions on values.

Amounts are Decimal yuan, days calendar days; every number that differs between sites is an argument with the default
of the domain page.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from app.features.payments.rules import (
    DEFAULT_CAP_SHARE,
    Fault,
    RowKind,
    Scheme,
    Settlement,
    deposit_cap,
    deposit_outcome,
    termination_penalty,
)
from app.kernel.errors import RuleError
from app.kernel.money import format_amount


@dataclass(frozen=True)
class DepositEffect:
    """How much of a paid 定金 has deposit effect, and what is booked as 房款 instead (warn; needs site_manager)."""

    effective: Decimal
    surplus: Decimal


def deposit_effect(paid: Decimal, total: Decimal, share: Decimal = DEFAULT_CAP_SHARE) -> DepositEffect:
    """02 §2.3.3: up to 20 % of the total is 定金, what exceeds it is 房款. Raises RuleError when paid is negative."""
    if paid < 0:
        raise RuleError("定金不能为负数。", field="deposit")
    effective = min(paid, deposit_cap(total, share))
    return DepositEffect(effective, paid - effective)


@dataclass(frozen=True)
class Shortfall:
    """欠定: yuan still missing of the agreed 定金 and the day until which it has to come."""

    missing: Decimal
    due_on: date

    def is_overdue(self, today: date) -> bool:
        """True when the order belongs on the red list as overdue."""
        return today > self.due_on


def deposit_shortfall(
    agreed: Decimal,
    confirmed: Decimal,
    *,
    first_paid_on: date,
    minimum: Decimal = Decimal(5000),
    days: int = 3,
) -> Shortfall | None:
    """None when the agreed 定金 is confirmed whole; else what is missing (02 §2.2.1 锁定/小订→认购).

    Raises RuleError while less than the minimum is confirmed: the flat cannot become 认购 yet. An agreed 定金 below the
    minimum must be confirmed whole.
    """
    least = min(agreed, minimum)
    if confirmed < least:
        raise RuleError(
            "已确认定金 {confirmed} 元，不足最低 {least} 元，暂不能转认购。",
            confirmed=format_amount(confirmed),
            least=format_amount(least),
        )
    if confirmed >= agreed:
        return None
    return Shortfall(agreed - confirmed, first_paid_on + timedelta(days=days))


@dataclass(frozen=True)
class Division:
    """How the money of an ended order is divided, yuan: kept 定金, penalty, fee, what goes on top from the seller.

    refundable is paid to the original payers; still_owed is what penalty and fee exceed the money paid.
    """

    paid: Decimal
    kept: Decimal
    penalty: Decimal
    fee: Decimal
    compensation: Decimal

    @property
    def refundable(self) -> Decimal:
        """Paid − kept − penalty − fee, never below 0 (see still_owed), plus the seller's compensation."""
        return max(self._balance, Decimal(0)) + self.compensation

    @property
    def still_owed(self) -> Decimal:
        """What the buyer still owes; 0 in the usual case."""
        return max(-self._balance, Decimal(0))

    def booked(self) -> Settlement:
        """The division as payments book it."""
        return Settlement(self.kept, self.penalty, self.fee, self.compensation, self.refundable)

    @property
    def _balance(self) -> Decimal:
        return self.paid - self.kept - self.penalty - self.fee


def settle_before_contract(
    paid: Decimal, deposit: Decimal, total: Decimal, fault: Fault, *, fee: Decimal = Decimal(0)
) -> Division:
    """退订 and 挞定 (02 §2.2.3, §2.3.3): the buyer's fault forfeits the 定金, the seller's pays it twice, else all back.

    paid: everything confirmed of the order, deposit: the part paid as 定金; only its effective part is at stake.
    fee: an agreed 手续费, taken unless the seller is at fault. Raises RuleError when deposit exceeds paid or an amount
    is negative.
    """
    if not 0 <= deposit <= paid or fee < 0:
        raise RuleError("已付定金不能超过已收合计，金额不能为负数。")
    outcome = deposit_outcome(deposit_effect(deposit, total).effective, fault)
    charged = Decimal(0) if fault == Fault.SELLER else fee
    return Division(paid, outcome.kept, Decimal(0), charged, outcome.compensation)


def settle_withdrawal(
    paid: Decimal, base: Decimal, fault: Fault, *, penalty_share: Decimal, fee: Decimal = Decimal(0),
    interest: Decimal = Decimal(0),
) -> Division:  # fmt: skip
    """退房 (02 §2.2.3): the company's fault refunds unconditionally, the customer's costs a penalty and the fee.

    penalty_share: of the base, 0.03 is 3 %, from the contract; the base is the total price, or 累计应付款 where the seller ends it
    for late payment (02 §2.3.6 L5). interest: what the seller pays on top at its fault (02 §2.3.7). Nobody's fault costs the
    fee only. Raises RuleError when an amount is negative, the share not between 0 and 1, or interest without the seller's fault.
    """
    if paid < 0 or fee < 0 or not 0 <= penalty_share <= 1:
        raise RuleError("已收、手续费不能为负数，违约金比例应在 0 至 100% 之间。")
    if interest < 0 or (interest and fault != Fault.SELLER):
        raise RuleError("利息和赔偿只在卖方责任时填写，不能为负数", field="interest")
    nothing = Decimal(0)
    penalty = termination_penalty(base, penalty_share) if fault == Fault.BUYER else nothing
    return Division(paid, nothing, penalty, nothing if fault == Fault.SELLER else fee, interest)


@dataclass(frozen=True)
class ExtensionLimit:
    """One post and the longest extension in days that it grants alone."""

    post: str
    days: int


DEFAULT_EXTENSION_LIMITS = (ExtensionLimit("supervisor", 3), ExtensionLimit("developer_site", 7))


def extension_authority(
    due_on: date,
    new_due_on: date,
    *,
    asked_on: date,
    extended_to: date | None = None,
    limits: Sequence[ExtensionLimit] = DEFAULT_EXTENSION_LIMITS,
    highest: str = "developer_lead",
) -> str:
    """Who grants 延期签约/付款 (02 §2.2.3): ≤ 3 d supervisor, ≤ 7 d developer_site, more developer_lead.

    due_on is the **original** date, so that repeated extensions count together; extended_to the date that holds now.
    Raises RuleError when it is asked for after that date or the new one is not later.
    """
    days = extension_days(due_on, new_due_on, asked_on=asked_on, extended_to=extended_to)
    return next((limit.post for limit in sorted(limits, key=lambda row: row.days) if days <= limit.days), highest)


def extension_days(due_on: date, new_due_on: date, *, asked_on: date, extended_to: date | None = None) -> int:
    """Days from the original date to the new one; the refusals of extension_authority."""
    holds = extended_to or due_on
    if asked_on > holds:
        raise RuleError("已过原定日期 {due}，延期须在到期前申请。", field="new_due_on", due=holds.isoformat())
    if new_due_on <= holds:
        raise RuleError("延期后的日期必须晚于原定日期 {due}。", field="new_due_on", due=holds.isoformat())
    return (new_due_on - due_on).days


def lock_until(locked_at: datetime, *, opening_day: bool, minutes: int = 30, opening_minutes: int = 10) -> datetime:
    """When a 销控 lock falls back unless the order was submitted: 30 minutes, on the opening day 10 (02 §2.2.1)."""
    return locked_at + timedelta(minutes=opening_minutes if opening_day else minutes)


def extended_lock(until: datetime, *, extensions: int, now: datetime, minutes: int = 15) -> datetime:
    """The one extension of a lock by 15 minutes. Raises RuleError for a second one or when the lock has ended."""
    if extensions >= 1:
        raise RuleError("销控只能延长一次。")
    if now >= until:
        raise RuleError("销控时间已到，请重新销控。")
    return until + timedelta(minutes=minutes)


def small_booking_until(signed_on: date, days: int = 3) -> date:
    """Until when a 小订 holds the flat; 1 to 7 days (02 §2.2.1). Raises RuleError outside."""
    if not 1 <= days <= 7:
        raise RuleError("小订保留天数应在 1 至 7 天之间。", field="days")
    return signed_on + timedelta(days=days)


def signing_due(reserved_on: date, days: int = 7) -> date:
    """应签约日: so many days after the 认购 (02 §2.2.2)."""
    return reserved_on + timedelta(days=days)


@dataclass(frozen=True)
class ConfirmedRow:
    """A plan row at signing: its kind, the instalment it belongs to (1 is the first), its yuan and those confirmed."""

    kind: RowKind
    instalment: int
    amount: Decimal
    confirmed: Decimal


def signing_obstacles(
    scheme: Scheme,
    rows: Sequence[ConfirmedRow],
    *,
    total: Decimal,
    order_buyers: Collection[int],
    contract_buyers: Collection[int],
    papers_complete: bool = False,
    papers_promised_on: date | None = None,
    lump_sum_first_row: bool = True,
) -> list[RuleError]:
    """Everything that forbids 签约 now; empty when it may be signed (02 §2.2.1 认购/草签→签约).

    Buyers of order and contract are the same people; the plan adds up to the total; the 定金 and the rest of the first
    instalment are confirmed (一次性: only the 定金 where lump_sum_first_row is off); with a loan the papers are complete
    or promised for a day.
    """
    obstacles = []
    if set(order_buyers) != set(contract_buyers):
        obstacles.append(RuleError("合同买受人与认购书不一致，请先办理更名或增减名。", field="buyers"))
    planned = sum((row.amount for row in rows), Decimal(0))
    if planned != total:
        message = "付款计划合计 {planned} 元与成交总价 {total} 元不符。"
        sums = {"planned": format_amount(planned), "total": format_amount(total)}
        obstacles.append(RuleError(message, field="plan", **sums))
    obstacles += _unpaid_before_signing(rows, deposit_only=scheme == Scheme.LUMP_SUM and not lump_sum_first_row)
    needs_papers = scheme in (Scheme.MORTGAGE, Scheme.COMBINED)
    if needs_papers and not papers_complete and papers_promised_on is None:
        obstacles.append(RuleError("按揭资料未齐，请收齐或登记客户承诺的齐件日期。", field="papers"))
    return obstacles


def _unpaid_before_signing(rows: Sequence[ConfirmedRow], *, deposit_only: bool) -> list[RuleError]:
    """One sentence a kind: an instalment that is owed for several 计价项目 is missed as one sum."""
    missing: dict[RowKind, Decimal] = {}
    for row in rows:
        needed = row.kind == RowKind.DEPOSIT or (row.instalment == 1 and not deposit_only)
        if needed and row.confirmed < row.amount:
            missing[row.kind] = missing.get(row.kind, Decimal(0)) + row.amount - row.confirmed
    return [
        RuleError("「{kind}」尚缺 {missing} 元未确认到账。", field="plan", kind=kind, missing=format_amount(amount))
        for kind, amount in missing.items()
    ]


@dataclass(frozen=True)
class ContractDeadlines:
    """What the days after signing ask for: 网签, 备案 with the days of its reminders, 领取."""

    online_by: date
    filed_by: date
    filing_reminders: tuple[date, ...]
    collected_by: date


def contract_deadlines(
    signed_on: date,
    *,
    online_days: int = 3,
    filing_days: int = 30,
    reminder_days: Sequence[int] = (20, 28),
    collecting_days: int = 45,
) -> ContractDeadlines:
    """The deadlines of a signed contract (02 §2.2.2 合同; filing within 30 d: 城市商品房预售管理办法 §10)."""
    return ContractDeadlines(
        online_by=signed_on + timedelta(days=online_days),
        filed_by=signed_on + timedelta(days=filing_days),
        filing_reminders=tuple(signed_on + timedelta(days=days) for days in reminder_days),
        collected_by=signed_on + timedelta(days=collecting_days),
    )
