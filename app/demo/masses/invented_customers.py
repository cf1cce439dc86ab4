"""One invented customer after the other, the same from the same seed: who he is, whose he is, when he came."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.demo import invented
from app.features.customers.choices import ContactKind, CustomerState, Gender, Grade, Outcome, Source

SEED = 20260202
YEARS = 3
FIRST_NUMBER, STEP, SPAN = (
    7_654_321,
    387_420_489,
    10**9,
)  # STEP has no factor in common with SPAN: no number comes twice
SOURCES = (
    *[Source.PASSING] * 4,
    *[Source.NETWORK] * 4,
    *[Source.FRIEND] * 3,
    Source.REFERRAL,
    Source.OUTDOOR,
    Source.EVENT,
)
LAYOUTS = ("三房", "三房", "四房", "两房")
DUTY = {Grade.A: 3, Grade.B: 7, Grade.C: 15, Grade.D: 30}


@dataclass(frozen=True)
class Seller:
    """Whose customers: the person (None = 公海), his team, the project, and who received them."""

    person_id: int | None
    team_id: int | None
    project_id: int
    received_by: int


@dataclass(frozen=True)
class Someone:
    """A customer with his first call or visit."""

    seller: Seller
    partner_id: int | None
    name: str
    gender: Gender
    number: str
    grade: Grade
    state: CustomerState
    source: Source
    kind: ContactKind
    came_at: datetime
    spoke_at: datetime
    due_on: date | None
    protected_until: date | None
    layout: str
    outcome: Outcome

    @property
    def lost(self) -> bool:
        return self.state is CustomerState.LOST


def numbers(taken: int) -> Iterator[str]:
    """Phone numbers of the range 100–109 that nobody has; `taken` of them were given before."""
    place = taken
    while True:
        yield f"10{(FIRST_NUMBER + place * STEP) % SPAN:09d}"
        place += 1


def someone(
    chance: random.Random, seller: Seller, partner_id: int | None, number: str, share: float, today: date
) -> Someone:
    """A customer who came when `share` (0 … 1) of the past years was over."""
    day = today - timedelta(days=YEARS * 365) + timedelta(days=int(share * (YEARS * 365 - 1)))
    came_at = datetime(day.year, day.month, day.day, 9) + timedelta(minutes=chance.randrange(510))
    grade = chance.choices(tuple(DUTY), (5, 20, 45, 30))[0]
    silent = min(chance.randrange(120), (today - day).days)
    spoke_at, male = came_at + timedelta(days=silent), chance.random() < 0.55
    age = (today - spoke_at.date()).days
    lost = chance.random() < (0.6 if age > 180 else 0.1)
    state = (
        CustomerState.POOL if seller.person_id is None
        else CustomerState.LOST if lost else CustomerState.NEW if silent == 0 and age < 7 else CustomerState.FOLLOWING
    )  # fmt: skip
    held = state in (CustomerState.NEW, CustomerState.FOLLOWING)
    kind = chance.choice((ContactKind.FIRST_VISIT, ContactKind.FIRST_VISIT, ContactKind.CALL))
    return Someone(
        seller, partner_id if held else None, invented.name(chance, male=male), Gender.MALE if male else Gender.FEMALE,
        number, grade, state, chance.choice(SOURCES), kind, came_at, spoke_at,
        spoke_at.date() + timedelta(days=DUTY[grade]) if held else None,
        spoke_at.date() + timedelta(days=30) if held else None, chance.choice(LAYOUTS), chance.choice(tuple(Outcome)[:3]),
    )  # fmt: skip
