"""The kinds of approval: declared by the features beside the paper they decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.approval.records import ApprovalPolicy
from app.kernel.approval.routing import Link, Mode, parse_chain
from app.kernel.asks import Ask
from app.kernel.base import now
from app.kernel.posts import Post


@dataclass(frozen=True)
class Need:
    """What one paper needs: the measure in the kind's unit, the lowest post that may decide, posts that do not count, how
    many posts above the one that would suffice."""

    measure: Decimal | None = None
    at_least: Post | None = None
    without: frozenset[Post] = frozenset()
    summary: str = ""
    higher: int = 0


@dataclass(frozen=True)
class Kind:
    """A kind of approval with its default policy; `need` looks at the paper, `asks` are the approver's own values."""

    code: str
    label: str
    model: type[Any]
    mode: Mode
    chain: str
    unit: str = ""
    minutes: int = 480
    clock: str = "office"
    need: Callable[[Session, Any], Need] = lambda _session, _document: Need()
    asks: tuple[Ask, ...] = ()
    check: Callable[[Session, Any, dict[str, Any]], None] | None = (
        None  # refuses the approver's values with a RuleError
    )
    content: tuple[str, ...] = ()  # the applicant's fields covered by the hash; empty = all declared, not auto
    content_before: tuple[tuple[str, ...], ...] = ()  # what earlier versions covered: their running requests stay good
    afterwards: Callable[[Session, Any], str] = lambda _session, _document: ""  # whose turn it is once it is approved
    developer_skips_agency: bool = False
    beside: Post | None = None  # decides what the highest post asked for himself; without it nobody can


KINDS: dict[str, Kind] = {}


def approval_kind(code: str, label: str, model: type[Any], mode: Mode, chain: str, **more: Any) -> Kind:
    """Declare a kind. chain: lines of «岗位 上限»."""
    parse_chain(chain)
    made = Kind(code, label, model, mode, chain, **more)
    KINDS[code] = made
    return made


@dataclass(frozen=True)
class Policy:
    """The policy in force: from the newest effective version, or the declared default."""

    mode: Mode
    links: list[Link]
    minutes: int
    policy_id: int | None


def policy(session: Session, kind: Kind) -> Policy:
    """The version in force now."""
    row = session.scalars(
        select(ApprovalPolicy)
        .where(ApprovalPolicy.kind == kind.code, ApprovalPolicy.effective_from <= now())
        .order_by(ApprovalPolicy.revision.desc())
        .limit(1)
    ).first()
    if row is None:
        return Policy(kind.mode, parse_chain(kind.chain), kind.minutes, None)
    return Policy(row.mode, parse_chain(row.chain), row.minutes, row.id)
