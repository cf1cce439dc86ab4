"""How people and delegations move."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.organisation import rules
from app.features.organisation.effects import account_off, account_on, end_posts, stamp_end, stamp_submitter, tell_both
from app.features.organisation.models import Delegation, DelegationState, Person, PersonState
from app.kernel.actors import Actor, directory
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import Need, approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.posts import NEXT_UP, POSTS, Post
from app.kernel.workflow import Act, flow, step

ACTIVE, DISABLED, LEFT = PersonState.ACTIVE, PersonState.DISABLED, PersonState.LEFT
DRAFT, REVIEW, APPROVED = DelegationState.DRAFT, DelegationState.REVIEW, DelegationState.APPROVED
DELEGATING = frozenset(NEXT_UP) | frozenset(NEXT_UP.values())
SUPERIORS = (Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.GENERAL_MANAGER, Post.DEVELOPER_LEAD)


# ── people ──────────────────────────────────────────────────
def not_oneself(act: Act) -> None:
    """Nobody locks himself out."""
    if act.document.id == act.actor.person_id:
        raise RuleError("不能对自己办理「{label}」", label=act.step.label)


PERSON_FLOW = flow(
    Person,
    step("disable", "停用", ACTIVE, DISABLED, by=[Post.ADMIN], guards=[not_oneself], then=[account_off], reason=True, tone="risk"),
    step("enable", "启用", DISABLED, ACTIVE, by=[Post.ADMIN], then=[account_on]),
    step(
        "leave", "办理离职", (ACTIVE, DISABLED), None, by=[Post.ADMIN], guards=[not_oneself],
        form=[ask("last_day", "最后工作日", "date")], then=[end_posts], tone="risk",
    ),
    step("gone", "离职", (ACTIVE, DISABLED), LEFT, internal=True, then=[account_off]),
    step("rehire", "重新入职", LEFT, ACTIVE, by=[Post.ADMIN], then=[account_on], reason=True),
)  # fmt: skip


# ── delegations ─────────────────────────────────────────────
def _need(_session: Session, document: Delegation) -> Need:
    """Only the superior of the delegated post decides (07 «代理授权»)."""
    superior = rules.superior_of(Post(document.post.value))
    return Need(
        without=frozenset(SUPERIORS) - {superior},
        summary=f"{document.since} 至 {document.until}，{document.project.name}；{document.reason}",
    )


approval_kind(
    "delegation",
    "代理授权",
    Delegation,
    Mode.IN_TURN,
    "\n".join(f"{POSTS[p].label} 不限" for p in SUPERIORS),
    need=_need,
)


def dates_are_ahead(act: Act) -> None:
    """Dated, not over, not for ever."""
    rules.require_delegation_period(act.document.since, act.document.until, now().date())


def post_is_his_own(act: Act) -> None:
    """Only an own post is given away, never one that was itself delegated (02 §2.1.2)."""
    holds = _holders(act.document, Post(act.document.post.value), own_only=True)
    if act.document.absent_id not in holds:
        raise RuleError(
            "{name} 在该项目不担任「{post}」", field="post", name=act.document.absent.name, post=act.document.post.label
        )


def deputy_fits(act: Act) -> None:
    """Another active person of the same company."""
    paper = act.document
    rules.require_two_people(paper.absent_id, paper.deputy_id)
    if paper.deputy.state is not ACTIVE or paper.deputy.company_id != paper.absent.company_id:
        raise RuleError("代理人应是同一公司的在岗人员", field="deputy_id")
    actor = directory().actor_for_person(paper.deputy_id, now())
    if actor is None or actor.holds({Post.ADMIN, Post.AUDITOR}):
        raise RuleError("系统管理员和审计不能代理业务岗位", field="deputy_id")


def asked_by_him_or_his_superior(act: Act) -> None:
    """«The absent person or his superior» writes it (07)."""
    superior = rules.superior_of(Post(act.document.post.value))
    if act.actor.person_id not in {act.document.absent_id} | _holders(act.document, superior):
        raise RuleError("代理授权由本人或其上级「{post}」提出", post=POSTS[superior].label)


def no_second_deputy(act: Act) -> None:
    """One deputy at a time for one post in one project."""
    paper = act.document
    others = act.session.scalars(
        select(Delegation).where(
            Delegation.id != paper.id,
            Delegation.absent_id == paper.absent_id,
            Delegation.post == paper.post,
            Delegation.project_id == paper.project_id,
            Delegation.state.in_((REVIEW, APPROVED)),
            Delegation.since <= paper.until,
            Delegation.until >= paper.since,
        ),
        execution_options={"unscoped": True},
    ).all()
    if others:
        raise RuleError(
            "{name} 在这段时间已有代理授权（{other}）", field="since", name=paper.absent.name, other=others[0].title
        )


def _holders(paper: Delegation, post: Post, *, own_only: bool = False) -> set[int]:
    found = directory().holders(post, paper.project_id, None, now())
    return {h.person_id for h in found if not own_only or h.acting_for is None}


def _concerns(paper: Any, actor: Actor) -> bool:
    return actor.person_id in (paper.absent_id, paper.deputy_id, paper.created_by)


def _wrote(paper: Any, actor: Actor) -> bool:
    return actor.person_id in (paper.absent_id, paper.created_by)


DELEGATION_FLOW = flow(
    Delegation,
    step(
        "submit", "提交审批", DRAFT, REVIEW, by=DELEGATING, shown=_wrote, tone="primary",
        guards=[dates_are_ahead, post_is_his_own, deputy_fits, asked_by_him_or_his_superior, no_second_deputy],
        then=[stamp_submitter, opens("delegation")],
    ),
    *approval_steps(
        "delegation", REVIEW, approved=APPROVED, returned=DRAFT, refused=DelegationState.REFUSED, by=DELEGATING,
        guards=(dates_are_ahead, post_is_his_own, deputy_fits), then=(tell_both,),
    ),
    step(
        "revoke", "撤销代理", APPROVED, DelegationState.REVOKED, by=DELEGATING, shown=_concerns, reason=True,
        then=[stamp_end, tell_both], tone="risk",
    ),
    normal=[DRAFT, REVIEW, APPROVED],
)  # fmt: skip
