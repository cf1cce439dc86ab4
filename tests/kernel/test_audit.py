"""The trail tells every change of a value, however the code made it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from app.features.payments.models import Receipt
from app.kernel import audit, audit_blocks
from app.kernel.actors import SYSTEM, Actor, Posting, acting_as, acting_by, current_posting
from app.kernel.audit import AuditEntry
from app.kernel.audit_blocks import seal, verify
from app.kernel.base import clock
from app.kernel.posts import Post
from app.kernel.transactions import write
from app.kernel.workflow import as_step
from tests.bench.hours import real_now
from tests.cast import Cast
from tests.features.payments import makers


@pytest.mark.both_databases
def test_a_changed_relationship_is_told_as_its_key(cast: Cast) -> None:
    first, second = makers.account(cast, 1), makers.account(cast, 2)
    key = makers.entered(cast, first, 100).id

    def move() -> Any:
        with as_step(cast.session):
            cast.session.get_one(Receipt, key).account = second
            cast.session.flush()

    with acting_as(SYSTEM):
        write(cast.session, move)
        lines = select(AuditEntry.changes).where(
            AuditEntry.subject == "receipt", AuditEntry.subject_id == key, AuditEntry.act == "update"
        )
        assert cast.session.scalars(lines).all() == [{"account_id": [first.id, second.id]}]


def sealed(cast: Cast, later: int) -> int:
    """One round of the job so many minutes from now."""
    token = clock.set(lambda: real_now() + timedelta(minutes=later))
    try:
        with acting_as(SYSTEM):
            return write(cast.session, lambda: seal(cast.session()))
    finally:
        clock.reset(token)


def damaged(cast: Cast, statement: str) -> list[str]:
    """What the doctor says after somebody wrote into the file."""
    for (name,) in cast.session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        cast.session.execute(text(f"DROP TRIGGER {name}"))
    cast.session.execute(text(statement))
    cast.session.commit()
    with acting_as(SYSTEM):
        found = list(verify(cast.session()))
        cast.session.rollback()
    return found


def test_a_seal_alone_is_not_sealed_again(cast: Cast) -> None:
    assert sealed(cast, 5) > 0
    assert [sealed(cast, later) for later in (10, 15)] == [0, 0]
    makers.account(cast, 1)
    assert sealed(cast, 20) > 1
    with acting_as(SYSTEM):
        assert list(verify(cast.session())) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit_entry SET person_name = '某人' WHERE id = 3", "表 audit_entry 第 3 行(person_name)：与封存时不符"),
        ("UPDATE audit_entry SET at = '2026-11-31 00:00:00.000000' WHERE id = 3", "表 audit_entry 第 3 行(at)：与封存时不符"),
        ("UPDATE audit_entry SET changes = '{' WHERE id = 3", "表 audit_entry 第 3 行(changes)：与封存时不符"),
        ("UPDATE audit_entry SET posts = 'admin' WHERE id = 3", "表 audit_entry 第 3 行(posts)：与封存时不符"),
        ("DELETE FROM audit_entry WHERE id = 3", "表 audit_entry 第 3 行：封存过，现在没有了"),
        ("UPDATE audit_block SET sealed_at = '2020-01-01 00:00:00.000000' WHERE id = 1", "表 audit_block 第 1 行(sealed_at)：与封存时不符"),
        ("UPDATE audit_block SET previous = 'x' WHERE id = 2", "表 audit_block 第 2 行(previous)：与前一个审计区块的摘要(digest)接不上"),
        ("UPDATE audit_entry SET changes = '{}' WHERE act = 'seal'", "表 audit_entry 第 {seal} 行(changes)：与封存时不符"),
    ],
)  # fmt: skip
def test_the_doctor_names_the_line_of_the_trail(cast: Cast, statement: str, found: str) -> None:
    sealed(cast, 5)
    makers.account(cast, 1)
    sealed(cast, 20)
    line = cast.session.scalar(text("SELECT min(id) FROM audit_entry WHERE act = 'seal'"))
    said = damaged(cast, statement + (f" AND id = {line}" if "'seal'" in statement else ""))
    assert found.replace("{seal}", str(line)) in said


def posts_told(cast: Cast, subject: str) -> set[tuple[str, str | None, str | None]]:
    """(name, posts, for whom) of the lines about one table."""
    cast.session.rollback()
    with acting_as(SYSTEM):
        lines = cast.session.scalars(select(AuditEntry).where(AuditEntry.subject == subject)).all()
    return {(one.person_name, one.posts, one.acting_for) for one in lines}


def test_a_line_holds_the_posts_of_the_moment(cast: Cast) -> None:
    """Another post later changes nothing of what was written; a step names the post by which it was taken."""
    with acting_as(cast.actor("site_manager")):
        write(cast.session, lambda: cast.session.add(audit.entry("read", subject="seen")))
    assert posts_told(cast, "seen") == {("吴越", "site_manager", None)}
    with acting_as(SYSTEM):
        write(cast.session, lambda: cast.session.add(audit.entry("read", subject="by_itself")))
    assert posts_told(cast, "by_itself") == {("系统", None, None)}


def test_a_deputy_acts_by_the_post_of_the_absent(cast: Cast) -> None:
    own, lent = Posting(Post.SUPERVISOR, frozenset({1})), Posting(Post.SITE_MANAGER, frozenset({1}), acting_for="吴越")
    deputy = Actor(7, "周敏", (own, lent))

    def acts(subject: str, by: Posting | None) -> None:
        with acting_as(deputy), acting_by(by):
            write(cast.session, lambda: cast.session.add(audit.entry("read", subject=subject)))

    acts("for_him", lent)
    acts("himself", own)
    acts("no_step", None)
    assert posts_told(cast, "for_him") == {("周敏", "site_manager", "吴越")}
    assert posts_told(cast, "himself") == {("周敏", "supervisor", None)}
    assert posts_told(cast, "no_step") == {("周敏", "supervisor,site_manager", None)}
    with acting_as(deputy), acting_by(lent), acting_by(own):  # what a step moves elsewhere is of the same act
        assert current_posting() == lent
        with acting_as(SYSTEM):
            assert current_posting() is None


def test_seals_of_before_the_posts_still_hold(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that is upgraded has lines without a post under seals of ten values a line; both still tell what was changed."""
    makers.account(cast, 1)
    cast.session.execute(text("DROP TRIGGER tr_audit_entry_update"))
    cast.session.execute(text("UPDATE audit_entry SET posts = NULL"))
    cast.session.commit()
    names = audit_blocks.NAMES
    monkeypatch.setattr(audit_blocks, "NAMES", names[: audit_blocks.FIRST_NAMES])
    assert sealed(cast, 5) > 0
    monkeypatch.setattr(audit_blocks, "NAMES", names)
    makers.account(cast, 2)
    assert sealed(cast, 20) > 0
    assert damaged(cast, "SELECT 1") == []
    found = damaged(cast, "UPDATE audit_entry SET person_name = '某人' WHERE id = 3")
    assert found == ["表 audit_entry 第 3 行(person_name)：与封存时不符"]
    assert damaged(cast, "UPDATE audit_entry SET posts = 'admin' WHERE id = 2")
