"""What follows on a request: its clock, the proof of identity, the answer — and what is really done with the data."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.features.customers.consents.effects import take_back
from app.features.customers.models import Customer
from app.features.customers.registry import follows_owner
from app.features.organisation.calendars import clock_of
from app.features.organisation.models import CalendarName
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameter
from app.features.privacy.erasure import anonymise
from app.features.privacy.kept_by_law import why_kept
from app.features.privacy.requests.models import PersonRequest, RequestKind
from app.features.privacy.requests.rules import due_on
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.notices import NoticeKind, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act

follows_owner(PersonRequest)

ERASED = "客户的姓名、联系方式和往来内容已匿名处理，附件已删除。"
WITHDRAWN = "已停止向第三方提供，不再营销联系；撤回前的处理不受影响。"


def begin(session: Session, paper: PersonRequest, actor: Actor) -> None:
    """A new request: owner as of its customer, number, last day of the answer; whoever decides is told."""
    customer = session.get_one(Customer, paper.customer_id)
    paper.project_id, paper.owner_id = customer.project_id, customer.owner_id
    paper.partner_id, paper.team_id = customer.partner_id, customer.team_id
    if paper.asked_on > now().date():
        raise RuleError("收到日期不能晚于今天", field="asked_on")
    if customer.anonymised_at is not None:
        raise RuleError("这位客户的资料已匿名处理，没有可查阅、更正或删除的内容", field="customer_id")
    days = parameter(session, paper.project_id, "person_request_days")
    paper.due_on = due_on(
        paper.asked_on, days, clock_of(session, paper.project_id, CalendarName.OFFICE, paper.asked_on)
    )
    paper.number = paper.number or number_for(session, paper, now().date())


def tell(session: Session, paper: PersonRequest) -> None:
    """The supervisor and, for a deletion, the head office."""
    posts = (Post.SUPERVISOR, Post.SALES_ADMIN) if paper.kind is RequestKind.ERASE else (Post.SUPERVISOR,)
    notify_posts(
        session, posts, paper.project_id, f"个人信息请求 {paper.number}：{paper.kind.label}，{paper.due_on} 前答复",
        url=f"/person-request/show/{paper.id}", team_id=paper.team_id, kind=NoticeKind.DUE, outside="有客户提出个人信息请求",
    )  # fmt: skip


def verify(act: Act) -> None:
    """Step 核实身份."""
    paper: PersonRequest = act.document
    paper.proof, paper.verified_on, paper.verified_by = act.form["proof"], act.at, act.actor.person_id


def answer(act: Act) -> None:
    """Step 办理并答复, for what people do on the customer's page or on paper."""
    act.document.answer, act.document.answered_on = act.form["answer"], act.at


def withdraw(act: Act) -> None:
    """Step 撤回全部同意: it holds from this moment on."""
    paper: PersonRequest = act.document
    take_back(act.session, act.actor, _customer(act), None, act.at)
    paper.answer, paper.answered_on = WITHDRAWN, act.at


def may_be_erased(act: Act) -> None:
    """Guard of 删除: raises RuleError with every law that keeps the data."""
    reasons = why_kept(act.session, _customer(act))
    if reasons:
        raise RuleError("不能删除：{why}。请用「不予办理」写明原因答复客户", why="；".join(reasons))


def erase(act: Act) -> None:
    """Step 删除（匿名处理）."""
    paper: PersonRequest = act.document
    anonymise(act.session, act.actor, [paper.customer_id], f"客户请求删除 {paper.number}", act.at)
    paper.answer, paper.answered_on = ERASED, act.at


def refuse(act: Act) -> None:
    """Step 不予办理: the reason is the answer."""
    act.document.answer, act.document.answered_on = act.note[:1000], act.at


def _customer(act: Act) -> Any:
    return act.session.get_one(Customer, act.document.customer_id, execution_options={"unscoped": True})
