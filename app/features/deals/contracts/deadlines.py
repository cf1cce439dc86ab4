"""网签, 备案, 领取 of a signed contract: which deadline it has come to, and who hears of it (02 §2.2.2, §2.5.10)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.contracts.models import Contract, ContractAlert, ContractState
from app.features.organisation.parameters import parameters
from app.kernel.base import now
from app.kernel.jobs import every
from app.kernel.notices import NoticeKind, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import as_step

WATCHED = (ContractState.SIGNED, ContractState.ONLINE, ContractState.FILED)
DAYS = ("online_sign_days", "filing_days", "filing_alert_days", "filing_urgent_days", "collect_days")
DESK = frozenset({Post.CONTRACT_OFFICER, Post.CLERK})
HEADS = frozenset({Post.CONTRACT_OFFICER, Post.SUPERVISOR, Post.SITE_MANAGER})
URGENT = frozenset({ContractAlert.URGENT, ContractAlert.OVERDUE})
NAMED = 5


def alert_of(
    signed_on: date, today: date, days: dict[str, int], *, online: bool, filed: bool, collected: bool
) -> ContractAlert | None:
    """The gravest deadline that a contract has come to; None while nothing presses.

    days: the five numbers of DAYS, all counted from the signature. A deadline is late on the day after its last day; the two
    alerts before 备案 come on their day.
    """
    past = (today - signed_on).days
    if collected:
        return None
    if filed:
        return ContractAlert.COLLECT if past > days["collect_days"] else None
    if past > days["filing_days"]:
        return ContractAlert.OVERDUE
    if past >= days["filing_urgent_days"]:
        return ContractAlert.URGENT
    if past >= days["filing_alert_days"]:
        return ContractAlert.FILING
    return ContractAlert.ONLINE if not online and past > days["online_sign_days"] else None


def alert_today(session: Session, contract: Contract, today: date) -> ContractAlert | None:
    """alert_of with the numbers of its project; a taken-over contract was collected before the site went live."""
    if contract.signed_on is None or contract.state not in WATCHED:
        return None
    days = parameters(session, contract.project_id, DAYS)
    return alert_of(
        contract.signed_on, today, days, online=contract.online_on is not None, filed=contract.filed_on is not None,
        collected=contract.collected_on is not None or (contract.taken_over_on is not None and contract.filed_on is not None),
    )  # fmt: skip


@every(seconds=3600, name="contract_deadlines")
def watch_deadlines(session: Session) -> int:
    """Every contract shows what it has come to; whoever has to act is told once of each. Run again it changes nothing."""
    today = now().date()
    come: dict[tuple[int, ContractAlert], list[Contract]] = defaultdict(list)
    moved = 0
    with as_step(session):
        soonest = Contract.signed_on < today - timedelta(days=1)
        for contract in session.scalars(
            select(Contract).where(Contract.state.in_(WATCHED), soonest).order_by(Contract.id)
        ):
            alert = alert_today(session, contract, today)
            if alert is contract.alert:
                continue
            contract.alert = alert
            moved += 1
            if alert is not None:
                come[contract.project_id, alert].append(contract)
        for (project_id, alert), contracts in come.items():
            _tell(session, project_id, alert, contracts)
    return moved


def _tell(session: Session, project_id: int, alert: ContractAlert, contracts: list[Contract]) -> None:
    """One notice for all that came to the same deadline."""
    names = "、".join(one.unit.full_name for one in contracts[:NAMED]) + ("……" if len(contracts) > NAMED else "")
    urgent = alert in URGENT
    notify_posts(
        session, HEADS if urgent else DESK, project_id, f"{len(contracts)} 份合同{alert.label}", body=names,
        url=f"/contract/list/?alert={alert.value}", kind=NoticeKind.DUE, urgent=urgent, outside=f"有合同{alert.label}",
    )  # fmt: skip
