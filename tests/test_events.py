"""Who did what is kept (04 S11): each of these acts leaves one line with time, person, post, address, object, before and after."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.kernel import audit
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.audit import AuditEntry
from app.kernel.base import now
from tests.cast import MEMBERS, Cast
from tests.event_acts import EVENTS, IDENTITY, PHONE, SECRET, Stage, Told
from tests.factories import PASSWORD

ADDRESS = "10.20.30.40"
BROUGHT_BY_HTTP = "127.0.0.1"


@pytest.fixture(autouse=True)
def _place(app: Flask, tmp_path: Path) -> Any:
    """Files of their own, and an address for what is done without a request."""
    before, app.config["UPLOAD_FOLDER"] = app.config["UPLOAD_FOLDER"], str(tmp_path / "files")
    token = audit.source.set({"address": ADDRESS})
    yield
    audit.source.reset(token)
    app.config["UPLOAD_FOLDER"] = before


def last(session: Any) -> int:
    session.rollback()
    return session.scalar(select(func.max(AuditEntry.id))) or 0


def fits(line: AuditEntry, told: Told) -> bool:
    """Whether this is the line, by what it says of the object."""
    if (line.act, line.subject) != (told.act, told.subject) or told.subject_id not in (None, line.subject_id):
        return False
    if told.field:
        pair = line.changes.get(told.field)
        return pair is not None and pair[0] == told.was and (told.became is ... or pair[1] == told.became)
    return all(line.changes.get(name) == value for name, value in told.says)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_it_leaves_one_line(
    event: Callable[[Stage], Told],
    cast: Cast,
    client: Any,
    client_as: Any,
    session: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    since = [last(session)]
    told = event(Stage(cast, client_as, client, monkeypatch, lambda: since.append(last(session))))
    session.rollback()
    with acting_as(SYSTEM):
        lines = session.scalars(select(AuditEntry).where(AuditEntry.id > since[-1])).all()
        everything = session.scalars(select(AuditEntry)).all()
    found = [line for line in lines if fits(line, told)]
    assert len(found) == 1, [(x.act, x.subject, x.subject_id, x.changes) for x in lines if x.act == told.act]
    (line,) = found
    name, post = (
        ("系统", None) if told.who == "system" else ("未登录", None) if told.who is None else MEMBERS[told.who][:2]
    )
    assert line.person_name == name
    assert line.posts == (told.posts or post)
    assert line.address in (ADDRESS, BROUGHT_BY_HTTP)
    assert abs(now() - line.at) < timedelta(minutes=10) or told.subject == "month_close"
    kept = json.dumps([x.changes for x in everything], ensure_ascii=False)
    assert not [word for word in (SECRET, PASSWORD, PHONE, IDENTITY) if word in kept]


def test_there_are_forty_of_them() -> None:
    assert len(set(EVENTS)) >= 40
