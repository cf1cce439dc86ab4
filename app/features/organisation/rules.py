"""What must hold of people, posts and delegations: plain functions on values (02 §2.1)."""

from __future__ import annotations

import re
from datetime import date

from app.kernel.errors import RuleError
from app.kernel.posts import NEXT_UP, POSTS, Post, Side

PROJECT_CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}")
LOGIN = re.compile(r"[a-z][a-z0-9_.]{2,31}")
LONGEST_DELEGATION_DAYS = 92  # somebody away for longer than a quarter is replaced, not represented


def require_project_code(code: str) -> None:
    """The code stands in the numbers of papers: capital letters and digits, 2–12. Raises RuleError."""
    if not PROJECT_CODE.fullmatch(code):
        raise RuleError("项目编码「{code}」应为 2—12 位大写字母和数字，以字母开头，例如 JPYL", field="code", code=code)


def require_login(login: str) -> None:
    """An account name: small letters, digits, dot and underscore, 3–32. Raises RuleError."""
    if not LOGIN.fullmatch(login):
        raise RuleError("账号「{login}」应为 3—32 位小写字母、数字、点或下划线，以字母开头", field="login", login=login)


def require_place_of_post(post: Post, *, has_project: bool, has_team: bool) -> None:
    """Company-wide posts belong to no project, all others to one; a team needs a project. Raises RuleError."""
    facts = POSTS[post]
    if facts.company_wide and has_project:
        raise RuleError("「{post}」是公司级岗位，不要选择项目", field="project_id", post=facts.label)
    if not facts.company_wide and not has_project:
        raise RuleError("「{post}」必须选择项目", field="project_id", post=facts.label)
    if has_team and facts.company_wide:
        raise RuleError("公司级岗位「{post}」不能限定班组", field="team_id", post=facts.label)


def require_side(post: Post, *, employed_by_developer: bool) -> None:
    """Agency posts go to the agency's people, 甲方 posts to the developer's; the neutral ones and 签约按揭专员 to both (01).

    Raises RuleError.
    """
    side = POSTS[post].side
    if post is Post.CONTRACT_OFFICER or side is Side.NEUTRAL:
        return
    if (side is Side.DEVELOPER) != employed_by_developer:
        raise RuleError("「{post}」不能由对方公司的人员担任", field="post", post=POSTS[post].label)


def require_job_description(post: Post, *, given: bool) -> None:
    """A supervisor's assignment names the written job that applies to him (02 §2.1.6). Raises RuleError."""
    if post is Post.SUPERVISOR and not given:
        raise RuleError("请选择销售主管适用的职责（S1、S2 或 S3）", field="job_description")
    if post is not Post.SUPERVISOR and given:
        raise RuleError("只有销售主管需要选择适用职责", field="job_description")


def require_period(since: date, until: date | None) -> None:
    """The last day is not before the first. Raises RuleError."""
    if until is not None and until < since:
        raise RuleError("截止日期 {until} 早于开始日期 {since}", field="until", until=until, since=since)


def overlap(first: tuple[date, date | None], second: tuple[date, date | None]) -> bool:
    """Whether two periods (first day, last day or None = open) share a day."""
    return (second[1] is None or first[0] <= second[1]) and (first[1] is None or second[0] <= first[1])


def superior_of(post: Post) -> Post:
    """Who decides about a delegation of this post: the next post up (02 §2.1.2). Raises RuleError when there is none."""
    higher = NEXT_UP.get(post)
    if higher is None:
        raise RuleError(
            "「{post}」没有上级岗位，不能代理授权，请系统管理员直接安排人员", field="post", post=POSTS[post].label
        )
    return higher


def require_delegation_period(since: date, until: date, today: date) -> None:
    """Dated, not over yet, at most a quarter. Raises RuleError."""
    require_period(since, until)
    if until < today:
        raise RuleError("代理期限 {until} 已经过去，请改日期", field="until", until=until)
    if (until - since).days >= LONGEST_DELEGATION_DAYS:
        raise RuleError("代理最长 {days} 天，时间更长请系统管理员调整岗位", field="until", days=LONGEST_DELEGATION_DAYS)


def require_two_people(absent_id: int, deputy_id: int) -> None:
    """Nobody represents himself. Raises RuleError."""
    if absent_id == deputy_id:
        raise RuleError("代理人不能是本人", field="deputy_id")
