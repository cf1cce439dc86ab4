"""特殊折扣单: asked for by the consultant, granted by the post whose authority suffices (02 §2.3.2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from app.features.deals.discounts.effects import price_request
from app.features.deals.discounts.models import DiscountRequest
from app.features.pricing.effects import quote
from app.kernel.money import round_yuan
from app.kernel.transactions import write

if TYPE_CHECKING:
    from app.demo.deals.deal import Deal

REASONS = (
    "老业主介绍，两套一起谈",
    "竞品同户型单价低 200 元",
    "首次置业，预算有限，希望再优惠",
    "客户为教师，申请团购价",
    "楼层偏低，客户犹豫",
)


class Concession:
    """One paper for the home and customer of a deal: so many percent below the public price."""

    def __init__(self, deal: Deal, percent: Decimal) -> None:
        self.deal, self.percent = deal, percent
        self.paper: DiscountRequest

    @property
    def granted(self) -> Decimal:
        """The total that the order may use; what was asked while nobody decided."""
        return self.paper.granted_total or self.paper.asked_total

    def draft(self, moment: datetime) -> None:
        """The consultant writes it."""
        deal = self.deal
        unit, scheme = deal.unit, deal.paid_by
        with deal.world.acting(deal.seller, moment) as who:

            def work() -> None:
                public = quote(deal.session, unit, scheme.id).public_total
                asked = round_yuan(public * (1 - self.percent / 100), 100)
                paper = DiscountRequest(
                    project_id=unit.project_id, unit_id=unit.id, customer_id=deal.customer.id, customer_name=deal.customer.name,
                    scheme_id=scheme.id, asked_total=asked, reason=REASONS[deal.number % len(REASONS)],
                    wanted_until=moment.date() + timedelta(days=5), owner_id=deal.customer.owner_id, team_id=deal.customer.team_id,
                    created_by=who.person_id,
                )  # fmt: skip
                price_request(deal.session, paper, unit)
                deal.session.add(paper)
                deal.session.flush()
                self.paper = paper

            write(deal.session, work)

    def submit(self, moment: datetime) -> None:
        """It goes to whoever may decide."""
        self.deal.step(self.deal.seller, self.paper, "submit", moment)

    def ask(self, moment: datetime) -> None:
        """Written and handed in at once."""
        self.draft(moment)
        self.submit(moment)

    def grant(self, moment: datetime) -> None:
        """As asked, for five days, by whoever it waits for."""
        values = {"granted_total": self.paper.asked_total, "valid_until": self.paper.wanted_until}
        self.deal.decide(self.paper, moment, "approve", "同意，限本套本客户", **values)

    def refuse(self, moment: datetime) -> None:
        """Not at all."""
        self.deal.decide(self.paper, moment, "refuse", "该房源去化良好，不再让利")
