"""交楼办证: area settlement, handover, defects, title deeds — from the finished building to the buyer's own certificate."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask_appbuilder import AppBuilder

NAME = "handover"
LABEL = "交楼办证"


def register(appbuilder: AppBuilder) -> None:
    """Flows first (with them every model), then screens and what other pages show."""
    import app.features.handover.areas.states
    import app.features.handover.deeds.states
    import app.features.handover.defects.states
    import app.features.handover.handings.states
    import app.features.handover.late.states
    import app.features.handover.late.watching  # noqa: F401
    from app.features.handover.areas.views import AreaSettlementView
    from app.features.handover.deeds.views import DeedBatchView, TitleDeedView
    from app.features.handover.defects.views import HandoverDefectView
    from app.features.handover.handings.views import HandoverBatchView, HandoverView
    from app.features.handover.late.views import LateBatchView, LateHomeView
    from app.features.handover.prints import declare_papers
    from app.kernel.screens.view import add_document

    for view in (
        AreaSettlementView, HandoverBatchView, HandoverView, HandoverDefectView, LateBatchView, DeedBatchView, TitleDeedView,
    ):  # fmt: skip
        add_document(appbuilder, view)
    add_document(appbuilder, LateHomeView, menu=False)
    _shown_elsewhere()
    _listeners()
    declare_papers()


def _shown_elsewhere() -> None:
    from app.features.customers.models import Customer
    from app.features.deals.contracts.models import Contract
    from app.features.deals.reservations.models import Reservation
    from app.features.handover import tabs
    from app.features.handover.areas.models import AreaSettlement
    from app.features.handover.areas.views import settlement_card
    from app.features.handover.deeds.models import DeedBatch, TitleDeed
    from app.features.handover.deeds.views import deeds_of_batch
    from app.features.handover.handings.models import Handover
    from app.features.handover.handings.views import dues_card
    from app.features.handover.late.models import LateBatch, LateHome
    from app.features.handover.late.views import homes_card, payments_card
    from app.features.units.models import Unit
    from app.kernel import registries
    from app.kernel.timeline import add_timeline, steps_of

    posts = Handover.audience.posts
    for page in (Unit, Reservation, Contract, Customer):
        registries.add_tab(page, "areas", "面积补差", tabs.rows_of(AreaSettlement), posts)
        registries.add_tab(page, "handovers", "交楼", tabs.rows_of(Handover), posts)
        registries.add_tab(page, "deeds", "办证", tabs.rows_of(TitleDeed), posts)
        registries.add_tab(page, "late_homes", "逾期交付", tabs.rows_of(LateHome), posts)
    for word, model in (("面积补差", AreaSettlement), ("交楼", Handover), ("办证", TitleDeed)):
        add_timeline(Customer, word, steps_of(model, partial(_of_customer, model)))
    registries.add_tab(Handover, "defects", "交楼问题", tabs.defects_of)
    registries.add_tab(DeedBatch, "deeds", "办证单", deeds_of_batch)
    registries.add_side_card(AreaSettlement, settlement_card)
    registries.add_side_card(Handover, dues_card)
    registries.add_main_card(LateBatch, homes_card)
    registries.add_main_card(LateHome, payments_card)
    registries.add_reminder(tabs.reminders)


def _listeners() -> None:
    from app.features.archive.registry import add_sources
    from app.features.deals.registry import when_closed
    from app.features.handover.areas.effects import hear_of_money
    from app.features.handover.endings import hear_of_end
    from app.features.handover.tabs import sources
    from app.features.payments.effects import when_confirmed

    when_confirmed(hear_of_money)
    when_closed(hear_of_end)
    add_sources(sources)


def _of_customer(model: Any, page: Any) -> Any:
    return model.customer_id == page.id
