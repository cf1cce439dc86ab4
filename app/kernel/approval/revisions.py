"""Policies are versioned: a change is a new revision with its reason; requests keep the one they were opened under (02 §2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.approval.kinds import KINDS, Kind
from app.kernel.approval.records import ApprovalPolicy
from app.kernel.approval.routing import Mode, parse_chain
from app.kernel.errors import NotFound, RuleError, StaleError
from app.kernel.numbering import next_value
from app.kernel.transactions import write

SHORTEST, LONGEST = 5, 10 * 24 * 60  # minutes a station may have
SHORTEST_REASON = 2


def kind_of(code: str) -> Kind:
    """A declared kind. Raises NotFound."""
    if code not in KINDS:
        raise NotFound(code)
    return KINDS[code]


def revisions(session: Session, code: str) -> list[ApprovalPolicy]:
    """All versions of a kind's policy, newest first; none while the declared default is in force."""
    query = select(ApprovalPolicy).where(ApprovalPolicy.kind == code).order_by(ApprovalPolicy.revision.desc())
    return list(session.scalars(query))


def revise(session: Any, code: str, *, seen: int, mode: Mode, chain: str, minutes: int, note: str) -> ApprovalPolicy:
    """A new version, in force from now. seen = the revision that the page showed, 0 for the declared default.

    Raises RuleError naming the field, StaleError when somebody else revised it meanwhile.
    """
    kind = kind_of(code)
    links = parse_chain(chain)
    known = {None, Decimal(0), *(link.limit for link in parse_chain(kind.chain))}
    if kind.unit == "" and any(link.limit not in known for link in links):
        raise RuleError(
            "「{kind}」不分额度，上限只写「0」（审核后交下一岗位）或「不限」（到这一岗位为止）",
            field="chain",
            kind=kind.label,
        )
    if len({link.post for link in links}) < len(links):
        raise RuleError("审批链里同一岗位只能出现一次", field="chain")
    if not SHORTEST <= minutes <= LONGEST:
        raise RuleError("每步时限应在 {low} 到 {high} 分钟之间", field="minutes", low=SHORTEST, high=LONGEST)
    if len(note.strip()) < SHORTEST_REASON:
        raise RuleError("请写明修改原因", field="note")

    def work() -> ApprovalPolicy:
        number = next_value(session, f"approval_policy:{code}")
        newest = next(iter(revisions(session, code)), None)
        if seen != (newest.revision if newest else 0):
            raise StaleError("「{kind}」的审批规则刚被别人修改，请按最新版次再改", kind=kind.label)
        made = ApprovalPolicy(
            kind=code, revision=number, mode=mode, chain=chain.strip(), minutes=minutes, note=note.strip()[:200]
        )
        session.add(made)
        session.flush()
        return made

    return write(session, work)
