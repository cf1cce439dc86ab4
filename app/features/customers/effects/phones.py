"""Numbers of customers: known or not, taken, given back (02 §2.5.2: one live number once in a project)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import exists, select
from sqlalchemy.orm import object_session

from app.features.customers.models import KNOWN_NUMBER, Customer, CustomerPhone
from app.kernel.chinese import parse_phone
from app.kernel.columns import blind
from app.kernel.errors import RuleError
from app.kernel.search_index import put
from app.kernel.workflow import Act


def number_digest(number: str) -> str:
    """HMAC of a normalised number."""
    return blind(number)


def tail_digest(number: str) -> str:
    """HMAC of the last four digits; kept apart from whole numbers of four digits by its prefix."""
    return blind("tail:" + number[-4:])


def part_digest(number: str) -> str:
    """HMAC of the first three and the last four digits, of a whole number or of one written 138****8888 (02 §2.5.2)."""
    return blind(f"part:{number[:3]}{number[-4:]}")


def is_known(session: Any, project_id: int, number: str) -> bool:
    """Whether a live customer of the project has this normalised number, whoever owns him. Says nothing else."""
    query = select(
        exists().where(
            CustomerPhone.project_id == project_id, CustomerPhone.digest == blind(number), CustomerPhone.live
        )
    )
    return bool(session.scalar(query, execution_options={"unscoped": True}))


def find_by_phone(session: Any, project_id: int, number: str) -> Customer | None:
    """The live customer with this normalised number, if the actor may see him."""
    query = (
        select(Customer)
        .join(CustomerPhone, CustomerPhone.customer_id == Customer.id)
        .where(CustomerPhone.project_id == project_id, CustomerPhone.digest == blind(number), CustomerPhone.live)
    )
    return session.scalars(query).first()


def words_of_numbers(customer: Customer) -> list[str]:
    """Digests of the numbers in use, whole and last four, for the search index; whoever writes it, all of them."""
    query = select(CustomerPhone.digest, CustomerPhone.tail_digest).where(
        CustomerPhone.customer_id == customer.id, CustomerPhone.live
    )
    rows = cast(Any, object_session(customer)).execute(query, execution_options={"unscoped": True})
    return [digest for pair in rows for digest in pair]


def add_numbers(session: Any, customer: Customer, numbers: Iterable[str], belongs_to: str = "本人") -> None:
    """Give a customer these normalised numbers. Raises RuleError when one is known, naming nobody."""
    for number in numbers:
        if is_known(session, customer.project_id, number):
            raise RuleError(KNOWN_NUMBER, field="phone")
        customer.phones.append(
            CustomerPhone(
                project_id=customer.project_id,
                owner_id=customer.owner_id,
                partner_id=customer.partner_id,
                team_id=customer.team_id,
                number=number,
                digest=number_digest(number),
                tail_digest=tail_digest(number),
                part_digest=part_digest(number),
                belongs_to=belongs_to,
                live=True,
            )
        )
    session.flush()
    put(session, customer)


def add_number(act: Act) -> None:
    """Step 增加号码: one more number for this customer."""
    number = parse_phone(act.get("phone") or "", field="phone")
    add_numbers(act.session, act.document, [number], belongs_to=act.get("belongs_to") or "本人")


def drop_number(act: Act) -> None:
    """Step 停用号码: the number with these last four digits is used no more; the last number stays."""
    tail = (act.get("tail") or "").strip()
    live = act.document.live_phones
    fit = [p for p in live if p.number[-4:] == tail]
    if not fit:
        raise RuleError("这位客户没有尾号 {tail} 的在用号码", field="tail", tail=tail)
    if len(live) == 1:
        raise RuleError("客户至少保留一个在用号码；换号请先增加新号码", field="tail")
    fit[0].live, fit[0].dropped_at = False, act.at
    _refresh(act)


def free_numbers(act: Act) -> None:
    """A lost customer holds his numbers no more: whoever meets him again registers him anew."""
    for phone in act.document.live_phones:
        phone.live = False
    _refresh(act)


def take_numbers_back(act: Act) -> None:
    """A customer who comes back takes the numbers that he had. Raises RuleError when all were registered anew meanwhile."""
    customer = act.document
    used = [p for p in customer.phones if p.dropped_at is None]
    free = [p for p in used if not is_known(act.session, customer.project_id, p.number)]
    if not free:
        raise RuleError(KNOWN_NUMBER)
    for phone in free:
        phone.live = True
    _refresh(act)


def _refresh(act: Act) -> None:
    """The search finds him by the numbers in use."""
    act.session.flush()
    put(act.session, act.document)
