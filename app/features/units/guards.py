"""What must be true before a unit moves: each guard is the sentence that must hold (02 §2.2.1, last column)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from app.features.organisation.parameters import parameter
from app.features.units.models import RELEASED, Unit, UnitState
from app.features.units.rules import held_share_allows, permit_refusal, price_refusal
from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.posts import Post
from app.kernel.workflow import Act

SALES_CONTROL = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER})  # 销控员
SELF_LOCK = frozenset({Post.CONSULTANT, Post.CLERK})  # may take a unit themselves where con_self_lock is on


def refusal_prefixed(unit: Unit, why: RuleError) -> RuleError:
    """The reason with the unit's name before it: «3栋1102：还没有生效的表价»."""
    values: dict[str, Any] = {**why.values, "unit": unit.full_name}
    return RuleError("{unit}：" + why.template, **values)


def confirmed_by_site_manager(act: Act) -> None:
    """Only units whose 录入单 the site manager approved are released (07 «楼栋 户型 房源»)."""
    if not act.document.confirmed:
        raise RuleError("{unit}：房源资料还没有经案场经理核准", unit=act.document.full_name)


def permit_covers_unit(act: Act) -> None:
    """预售证 or 现售备案 covers the unit today (02 §2.2.1, §2.5.10)."""
    why = permit_refusal(act.document.permit, act.at.date())
    if why is not None:
        raise refusal_prefixed(act.document, why)


def list_price_within_filed_price(act: Act) -> None:
    """The list price is set and not above the filed price."""
    why = price_refusal(act.document.list_total, act.document.filed_total)
    if why is not None:
        raise refusal_prefixed(act.document, why)


def not_seized(act: Act) -> None:
    """查封 blocks every sale."""
    if act.document.seized:
        raise RuleError("{unit} 已被查封，不能销售", unit=act.document.full_name)


def mortgagee_consents(act: Act) -> None:
    """A mortgaged unit needs the 抵押权人同意销售函 with number and date."""
    unit = act.document
    if unit.mortgaged and not (unit.mortgage_consent_no and unit.mortgage_consent_on):
        raise RuleError("{unit} 已抵押，缺少抵押权人同意销售函的编号和日期", unit=unit.full_name)


def not_stopped(act: Act) -> None:
    """停售 overrides what may be done with the unit."""
    if act.document.stopped:
        raise RuleError("{unit} 已停售", unit=act.document.full_name)


def is_stopped(act: Act) -> None:
    """Only a stopped unit is resumed."""
    if not act.document.stopped:
        raise RuleError("{unit} 没有停售", unit=act.document.full_name)


def no_live_order(act: Act) -> None:
    """收盘 needs a unit without lock, hold or live order; the source state says the rest."""
    if act.document.reservation_id is not None:
        raise RuleError("{unit} 还有未结束的认购，不能收盘", unit=act.document.full_name)


def hold_has_expiry(act: Act) -> None:
    """A hold names for whom and until when, and that lies ahead."""
    until = act.get("until")
    if until is None or until <= act.at:
        raise RuleError("保留必须写明到期时间，且晚于现在", field="until")
    if not act.get("held_for"):
        raise RuleError("保留必须写明为谁保留", field="held_for")


def hold_share_within_cap(act: Act) -> None:
    """Holds stay within 5 % of the released units (parameter hold_cap_percent)."""
    session, project_id = act.session, act.document.project_id
    counted = select(func.count(Unit.id)).where(Unit.project_id == project_id)
    held = session.scalar(counted.where(Unit.state == UnitState.HOLD), execution_options={"unscoped": True}) or 0
    released = session.scalar(counted.where(Unit.state.in_(RELEASED)), execution_options={"unscoped": True}) or 0
    percent = parameter(session, project_id, "hold_cap_percent")
    if not held_share_allows(held, released, percent):
        raise RuleError(
            "已推 {released} 套，保留 {held} 套，再保留就超过 {percent}% 的上限",
            released=released,
            held=held,
            percent=percent,
        )


def locker_is_entitled(act: Act) -> None:
    """The 销控员 takes units; consultants themselves only where the parameter con_self_lock is on."""
    actor, project_id = act.actor, act.document.project_id
    if actor.system or actor.holds(SALES_CONTROL, project_id):
        return
    if actor.holds(SELF_LOCK, project_id) and parameter(act.session, project_id, "con_self_lock"):
        return
    raise RuleError("本项目由销控员（销售主管或案场经理）统一销控，请联系销控员")


def hold_is_for_this_customer(act: Act) -> None:
    """From 保留 a unit is taken only for the customer it is held for."""
    unit = act.document
    if unit.state is UnitState.HOLD and (unit.held_for_id is None or unit.held_for_id != act.get("customer_id")):
        raise RuleError("{unit} 暂不可售", unit=unit.full_name)


def timer_is_running(act: Act) -> None:
    """Only a lock whose order is not submitted yet can be lengthened."""
    if act.document.lock_until is None:
        raise RuleError("{unit} 的销控没有计时，不需要延长", unit=act.document.full_name)


def extended_at_most_once(act: Act) -> None:
    """A lock gets one extension of 15 minutes."""
    if act.document.lock_extended:
        raise RuleError("{unit} 已经延长过一次，不能再延长", unit=act.document.full_name)


def filing_is_revoked(act: Act) -> None:
    """退房 of a filed contract waits for the 撤销备案."""
    if act.document.filed_on is not None:
        raise RuleError("{unit} 的合同备案还没有撤销，不能恢复可售", unit=act.document.full_name)


def may_read_name(actor: Actor, unit: Unit) -> bool:
    """Whether the actor may learn who locked the unit: same team, or whoever oversees the whole site."""
    return any(
        unit.project_id in p.projects
        and (p.team_id == unit.lock_team_id if p.team_id is not None else p.post not in SELF_LOCK)
        for p in actor.postings
    )
