"""Whose number is this? Yes or no to everybody who registers, a name only to whoever may see the customer (02 §2.5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.features.customers.effects.arrival import REGISTRARS
from app.features.customers.effects.phones import find_by_phone, is_known
from app.features.customers.models import KNOWN_NUMBER, Customer
from app.kernel.actors import Actor, directory
from app.kernel.audit import entry
from app.kernel.chinese import mask_phone
from app.kernel.errors import Forbidden, RuleError
from app.kernel.transactions import write


@dataclass(frozen=True)
class Known:
    """known: the number is registered; customer: the record when it lies within the actor's scope; own: it is his."""

    known: bool
    customer: Customer | None = None
    own: bool = False

    @property
    def refusal(self) -> RuleError | None:
        """Why the number cannot be registered anew: the owner's name per scope; None when it is new."""
        if not self.known:
            return None
        if self.own and self.customer is not None:
            return RuleError("这是你的客户「{name}」，请登记为复访或来电", field="phone", name=self.customer.name)
        if self.customer is None:
            return RuleError(KNOWN_NUMBER, field="phone")
        if self.customer.owner_id is None:
            return RuleError("该号码已登记为「{name}」，现在公海", field="phone", name=self.customer.name)
        owner = directory().person_name(self.customer.owner_id)
        return RuleError("该号码已登记为「{name}」，归属 {owner}", field="phone", name=self.customer.name, owner=owner)


def look_up(session: Any, actor: Actor, project_id: int, number: str) -> Known:
    """Whether a normalised number is registered. Every question is on the trail, so that somebody who tries numbers out is seen.

    Raises Forbidden for posts that do not register.
    """
    if not actor.holds(REGISTRARS, project_id):
        raise Forbidden("phone_check")

    def work() -> Known:
        found = known_number(session, actor, project_id, number)
        line = entry(
            "phone_check", subject="customer_phone", project_id=project_id, number=mask_phone(number), known=found.known
        )
        session.add(line)
        return found

    return write(session, work)


def known_number(session: Any, actor: Actor, project_id: int, number: str) -> Known:
    """The same without a line on the trail: for acts that leave one of their own."""
    if not is_known(session, project_id, number):
        return Known(known=False)
    customer = find_by_phone(session, project_id, number)
    own = customer is not None and actor.person_id in (customer.owner_id, customer.partner_id)
    return Known(True, customer, own)
