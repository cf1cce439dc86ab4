"""Posts, accounts, leaving."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.features.organisation import rules
from app.features.organisation.effects import appoint, open_account, reset_password, switch_off_leavers
from app.features.organisation.models import Assignment, JobDescription, Person, PersonState
from app.kernel.accounts import AccountSecurity, LoginSession
from app.kernel.actors import SYSTEM, acting_as, directory
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.posts import Post
from app.kernel.transactions import write
from app.kernel.workflow import fire
from tests import factories

TODAY = now().date()


@pytest.fixture(autouse=True)
def _as_system():
    with acting_as(SYSTEM):
        yield


@pytest.mark.parametrize(("first", "second", "shared"), [
    ((1, 5), (5, 9), True), ((1, 4), (5, 9), False), ((1, None), (9, 9), True), ((5, None), (1, 4), False), ((1, None), (1, None), True),
])  # fmt: skip
def test_periods_that_share_a_day(first, second, shared):
    days = [tuple(None if d is None else date(2026, 1, d) for d in period) for period in (first, second)]
    assert rules.overlap(*days) is shared
    assert rules.overlap(*reversed(days)) is shared


@pytest.mark.parametrize("code", ["jpyl", "J", "J-1", "1AB", "ABCDEFGHIJKLM", ""])
def test_project_codes_that_do_not_fit_a_number(code):
    with pytest.raises(RuleError):
        rules.require_project_code(code)


@pytest.mark.parametrize("login", ["ab", "Zhou", "周敏", "a b c", "1abc"])
def test_logins_that_nobody_can_type(login):
    with pytest.raises(RuleError):
        rules.require_login(login)


def test_every_post_below_the_top_has_a_superior():
    tops = {Post.GENERAL_MANAGER, Post.DEVELOPER_LEAD, Post.AUDITOR, Post.ADMIN}
    for post in set(Post) - tops:
        assert rules.superior_of(post) in Post
    for post in tops:
        with pytest.raises(RuleError):
            rules.superior_of(post)


@pytest.mark.parametrize(
    ("login", "post", "where", "more", "words"),
    [
        ("clerk", Post.FINANCE, "a", {}, "公司级岗位"),
        ("clerk", Post.SITE_MANAGER, None, {}, "必须选择项目"),
        ("clerk", Post.DEVELOPER_SITE, "a", {}, "对方公司"),
        ("developer_site", Post.CLERK, "a", {}, "对方公司"),
        ("clerk", Post.SUPERVISOR, "a", {}, "适用的职责"),
        ("clerk", Post.CONSULTANT, "a", {"job_description": JobDescription.S1}, "只有销售主管"),
        ("developer_site", Post.DEVELOPER_SITE, "b", {}, "不是该项目"),
        ("clerk", Post.CLERK, "a", {}, "已经担任"),
        ("clerk", Post.CONSULTANT, "a", {"team": "b1"}, "不属于所选项目"),
        ("clerk", Post.CONSULTANT, "a", {"until": date(2019, 1, 1)}, "早于"),
        ("clerk", Post.ADMIN, None, {}, "不能兼任"),
        ("admin", Post.CLERK, "a", {}, "不能兼任"),
    ],
)
def test_posts_that_do_not_go_together(cast, session, login, post, where, more, words):
    if "team" in more:
        more = more | {"team": cast.team(more["team"])}
    project = {"a": cast.a, "b": cast.b}.get(where)
    with pytest.raises(RuleError, match=words):
        appoint(session, cast.person(login), post, project, since=date(2020, 1, 1), **more)


def test_a_contract_officer_may_be_the_developers(cast, session):
    appoint(session, cast.person("developer_service"), Post.CONTRACT_OFFICER, cast.a, since=TODAY)
    assert Post.CONTRACT_OFFICER in cast.actor("developer_service").posts


def test_a_new_post_signs_the_person_out(cast, session):
    before = epoch(session, cast.person("clerk").user_id)
    appoint(session, cast.person("clerk"), Post.CHANNEL_OFFICER, cast.a, since=TODAY)
    assert epoch(session, cast.person("clerk").user_id) == before + 1


def epoch(session, user_id):
    return session.scalar(select(AccountSecurity.epoch).where(AccountSecurity.user_id == user_id)) or 0


def test_one_account_a_person_one_person_a_login(cast, session):
    with pytest.raises(RuleError, match="已有账号"):
        open_account(session, cast.person("clerk"), "clerk9", "Quiet-Lake-27")
    new = factories.saved(session, Person(name="新人", company_id=cast.agency_id))
    with pytest.raises(RuleError, match="已存在"):
        open_account(session, new, "clerk", "Quiet-Lake-27")
    open_account(session, new, "clerk9", "Quiet-Lake-27")
    row = session.scalars(select(AccountSecurity).where(AccountSecurity.user_id == new.user_id)).one()
    assert row.must_change


def test_a_reset_password_ends_every_session(cast, session):
    clerk = cast.person("clerk")
    write(
        session, lambda: session.add(LoginSession(user_id=clerk.user_id, epoch=0, token_digest="x", started_at=now()))
    )
    reset_password(session, cast.person("clerk"), "Quiet-Lake-27")
    assert session.scalars(select(LoginSession.ended_at)).one() is not None


def test_disable_and_enable(cast, session):
    clerk, admin = cast.person("clerk"), cast.actor("admin")
    fire(session, clerk, "disable", admin, note="停职")
    assert (cast.person("clerk").state, cast.person("clerk").user.active) == (PersonState.DISABLED, False)
    assert directory().actor_for_person(clerk.id, now()) is None
    fire(session, clerk, "enable", admin)
    assert (cast.person("clerk").state, cast.person("clerk").user.active) == (PersonState.ACTIVE, True)


def test_the_administrator_does_not_lock_himself_out(cast, session):
    with pytest.raises(RuleError, match="自己"):
        fire(session, cast.person("admin"), "disable", cast.actor("admin"), note="误操作")


def test_a_leaver_works_until_his_last_day(cast, session):
    clerk, admin = cast.person("clerk"), cast.actor("admin")
    fire(session, clerk, "leave", admin, last_day=TODAY)
    assert cast.actor("clerk").posts == {Post.CLERK}
    assert cast.actor("clerk", now() + timedelta(days=1)).posts == set()
    assert switch_off_leavers_in(session) == 0


def test_the_day_after_his_account_is_off(cast, session):
    clerk, admin = cast.person("clerk"), cast.actor("admin")
    fire(session, clerk, "leave", admin, last_day=TODAY - timedelta(days=1))
    assert cast.person("clerk").state is PersonState.LEFT
    assert not cast.person("clerk").user.active
    ended = session.scalars(select(Assignment.until).where(Assignment.person_id == clerk.id)).one()
    assert ended == TODAY - timedelta(days=1)
    fire(session, clerk, "rehire", admin, note="返聘")
    assert (cast.person("clerk").left_on, cast.person("clerk").state) == (None, PersonState.ACTIVE)


def test_the_job_switches_leavers_off_once(cast, session):
    clerk = cast.person("clerk")
    write(session, lambda: setattr(clerk, "left_on", TODAY - timedelta(days=1)))
    assert switch_off_leavers_in(session) == 1
    assert switch_off_leavers_in(session) == 0
    assert cast.person("clerk").state is PersonState.LEFT


def switch_off_leavers_in(session):
    return write(session, lambda: switch_off_leavers(session))
