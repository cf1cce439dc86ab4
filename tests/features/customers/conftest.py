"""What the tests of customers share: somebody to register, and the act of registering."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.features.customers.choices import ContactKind, Source
from app.features.customers.effects import NewCustomer, register
from app.features.customers.models import Customer
from app.kernel.actors import SYSTEM, acting_as
from tests.cast import Cast

Register = Callable[..., Customer]


def numbers_of(customer: Customer) -> list[str]:
    """His numbers in use, read as SYSTEM."""
    with acting_as(SYSTEM):
        return [phone.number for phone in customer.live_phones]


@pytest.fixture
def registered(session: Session, cast: Cast) -> Register:
    """registered("consultant1", "王伟", "10000001234", …) → the new customer of project A (or project="b")."""

    def act(login: str, name: str = "王伟", phone: str = "10000001234", *, project: str = "a", **more: Any) -> Customer:
        values: dict[str, Any] = {
            "kind": ContactKind.FIRST_VISIT,
            "source": Source.PASSING,
            "name": name,
            "phones": (phone,),
        }
        actor = cast.actor(login)
        with acting_as(actor):
            return register(session, actor, cast.project_ids[project], NewCustomer(**values | more))

    return act
