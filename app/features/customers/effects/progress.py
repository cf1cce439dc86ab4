"""How deals move a customer: 认筹, 认购, 签约 and back (internal steps of CUSTOMER_FLOW)."""

from __future__ import annotations

from typing import Any

from app.features.customers.choices import CustomerState
from app.features.customers.models import Customer
from app.features.customers.registry import PROGRESS
from app.kernel.actors import Actor
from app.kernel.errors import NotFound
from app.kernel.workflow import fire

_REACHED = {
    "queue": (CustomerState.QUEUED, CustomerState.RESERVED, CustomerState.SIGNED),
    "reserve": (CustomerState.RESERVED, CustomerState.SIGNED),
    "sign": (CustomerState.SIGNED,),
    "back": (CustomerState.NEW, CustomerState.FOLLOWING),
}


def advance(session: Any, customer_id: int, step: str, actor: Actor, *, paper: str = "") -> None:
    """Take «queue», «reserve», «sign» or «back»; a customer who is there already (a second flat) stays as he is.

    Raises NotFound for an unknown customer, StaleError when his state does not allow it (公海, 流失 for reserve).
    """
    customer = session.get(Customer, customer_id, execution_options={"unscoped": True})
    if customer is None:
        raise NotFound("customer")
    if customer.state not in _REACHED[step]:
        fire(session, customer, step, actor, internal=True, paper=paper)
    for listener in PROGRESS:
        listener(session, customer, step, actor, paper)
