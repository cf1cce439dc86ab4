"""代理授权: dated, for named projects, decided by the superior; every act is stamped."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.features.organisation.effects import end_assignment
from app.features.organisation.models import Assignment, Delegation, DelegationState, PostName
from app.kernel.actors import SYSTEM, acting_as, directory
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, requests_of
from app.kernel.base import now
from app.kernel.errors import Forbidden, RuleError
from app.kernel.notices import Notice
from app.kernel.posts import Post
from app.kernel.workflow import fire
from tests import factories

TODAY = now().date()


@pytest.fixture
def draft(cast, session):
    """draft(absent, deputy, post): a draft by the absent person, from today for three days."""

    def make(absent="site_manager", deputy="supervisor", post=Post.SITE_MANAGER, by=None, **more):
        values = {"since": TODAY, "until": TODAY + timedelta(days=2), "reason": "参加集团会议"} | more
        paper = Delegation(
            absent_id=cast.person_ids[absent],
            deputy_id=cast.person_ids[deputy],
            post=PostName[post.name],
            project_id=cast.project_ids["a"],
            created_by=cast.person_ids[by or absent],
            **values,
        )
        return factories.saved(session, paper)

    return make


def submit(session, paper, who):
    with acting_as(who):
        fire(session, paper, "submit", who)


def approve(session, paper, who):
    with acting_as(who):
        request = requests_of(session, paper)[-1]
        decide(session, request.id, current_step(request).id, who, "approve", "同意")


def approved(session, cast, paper):
    submit(session, paper, cast.actor("site_manager"))
    approve(session, paper, cast.actor("project_manager"))
    return paper


def test_an_approved_delegation_adds_the_post_for_its_days(cast, session, draft):
    paper = draft()
    assert cast.actor("supervisor").posts == {Post.SUPERVISOR}
    approved(session, cast, paper)
    deputy = cast.actor("supervisor")
    assert deputy.posts == {Post.SUPERVISOR, Post.SITE_MANAGER}
    posting = deputy.posting([Post.SITE_MANAGER], cast.project_ids["a"])
    assert (posting.acting_for, posting.projects) == ("吴越", frozenset({cast.project_ids["a"]}))
    holders = directory().holders(Post.SITE_MANAGER, cast.project_ids["a"], None, now())
    assert [(h.name, h.acting_for) for h in holders] == [("吴越", None), ("周敏", "吴越")]
    later = now() + timedelta(days=3)
    assert cast.actor("supervisor", later).posts == {Post.SUPERVISOR}
    assert cast.actor("supervisor", now() - timedelta(days=1)).posts == {Post.SUPERVISOR}


def test_both_hear_of_it(cast, session, draft):
    approved(session, cast, draft())
    with acting_as(SYSTEM):
        told = set(session.scalars(select(Notice.person_id).where(Notice.title.contains("代理授权已批"))))
    assert told == {cast.person_ids["site_manager"], cast.person_ids["supervisor"]}


def test_only_the_superior_decides(cast, session, draft):
    paper = draft()
    submit(session, paper, cast.actor("site_manager"))
    with acting_as(SYSTEM):
        request = requests_of(session, paper)[-1]
        assert [s.post for s in request.steps] == [Post.PROJECT_MANAGER]
    for login in ("supervisor", "site_manager", "general_manager", "developer_lead", "sales_admin"):
        with pytest.raises(Forbidden):
            approve(session, paper, cast.actor(login))
    approve(session, paper, cast.actor("project_manager"))
    assert paper.state is DelegationState.APPROVED


def test_a_superior_who_asks_does_not_decide(cast, session, draft):
    paper = draft(by="project_manager")
    submit(session, paper, cast.actor("project_manager"))
    with pytest.raises(Forbidden):
        approve(session, paper, cast.actor("project_manager"))
    approve(session, paper, cast.actor("general_manager"))
    assert paper.state is DelegationState.APPROVED


def test_the_developers_posts_end_at_their_lead(cast, session, draft):
    paper = draft("developer_finance", "developer_finance2", Post.DEVELOPER_FINANCE)
    submit(session, paper, cast.actor("developer_finance"))
    approve(session, paper, cast.actor("developer_lead"))
    assert paper.state is DelegationState.APPROVED


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"post": Post.PROJECT_MANAGER}, "不担任"),
        ({"deputy": "developer_site"}, "同一公司"),
        ({"deputy": "auditor"}, "审计"),
        ({"until": TODAY + timedelta(days=92)}, "最长"),
        ({"since": TODAY - timedelta(days=3), "until": TODAY - timedelta(days=1)}, "已经过去"),
    ],
)
def test_what_is_refused_at_the_submit(cast, session, draft, change, words):
    paper = draft(**change)
    with pytest.raises(RuleError, match=words):
        submit(session, paper, cast.actor("site_manager"))


def test_the_topmost_post_is_not_delegated(cast, session, draft):
    paper = draft("developer_lead", "developer_site", Post.DEVELOPER_LEAD)
    with pytest.raises(RuleError, match="没有上级岗位"):
        submit(session, paper, cast.actor("developer_lead"))


def test_a_deputy_does_not_pass_the_post_on(cast, session, draft):
    approved(session, cast, draft())
    paper = draft("supervisor", "clerk", Post.SITE_MANAGER)
    with pytest.raises(RuleError, match="不担任"):
        submit(session, paper, cast.actor("supervisor"))


def test_no_second_deputy_for_the_same_days(cast, session, draft):
    approved(session, cast, draft())
    paper = draft(deputy="clerk")
    with pytest.raises(RuleError, match="已有代理授权"):
        submit(session, paper, cast.actor("site_manager"))


def test_revoking_ends_it_at_once(cast, session, draft):
    paper = approved(session, cast, draft())
    who = cast.actor("site_manager")
    with acting_as(who):
        fire(session, paper, "revoke", who, note="提前返岗")
    assert cast.actor("supervisor").posts == {Post.SUPERVISOR}
    assert paper.revoked_at is not None


def test_it_ends_with_the_absent_persons_own_post(cast, session, draft):
    approved(session, cast, draft())
    with acting_as(SYSTEM):
        held = session.scalars(select(Assignment).where(Assignment.person_id == cast.person_ids["site_manager"])).one()
        end_assignment(session, held, TODAY - timedelta(days=1))
    assert cast.actor("supervisor").posts == {Post.SUPERVISOR}


def test_who_sees_it(cast, session, draft):
    paper = approved(session, cast, draft())
    seen = set()
    for login in cast.person_ids:
        with acting_as(cast.actor(login)):
            if session.scalars(select(Delegation).where(Delegation.id == paper.id)).first() is not None:
                seen.add(login)
    assert seen == {"site_manager", "supervisor", "sales_admin", "auditor"}
