"""The trail tells every change of a value, however the code made it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from app.features.payments.models import Receipt
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.audit import AuditEntry
from app.kernel.audit_blocks import seal, verify
from app.kernel.base import clock
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
