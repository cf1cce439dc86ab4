"""Fixtures of the money tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session, scoped_session

from app.extensions import db
from app.features.payments.verify import verify
from app.kernel.actors import SYSTEM, Actor, acting_as


@pytest.fixture
def sound_book(session: scoped_session[Session]) -> Iterator[None]:
    """After the test the verification of the whole book finds nothing."""
    yield
    with acting_as(SYSTEM):
        session.rollback()
        assert list(verify(session())) == []


@pytest.fixture
def at_once(app: Flask) -> Callable[..., list[Any]]:
    """at_once(work, actors): work(session, actor) in as many threads, each with its own session; answers or refusals."""

    def run(work: Callable[[Any, Actor], Any], actors: list[Actor]) -> list[Any]:
        db.session.remove()

        def one(who: Actor) -> Any:
            with app.app_context(), acting_as(who):
                try:
                    return work(db.session, who)
                except Exception as error:  # noqa: BLE001 - the test looks at what each thread got
                    return error
                finally:
                    db.session.remove()

        with ThreadPoolExecutor(len(actors)) as pool:
            return list(pool.map(one, actors))

    return run
