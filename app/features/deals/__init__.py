"""认购书, 特殊折扣, 合同, 变更: from the lock of a flat to the signed contract, and the legal ways out."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask_appbuilder import AppBuilder
from flask_babel import lazy_gettext as L  # noqa: N812

NAME = "deals"
LABEL = "交易"


def register(appbuilder: AppBuilder) -> None:
    """Flows first (with them every model), then screens and what other pages show of orders."""
    import app.features.deals.bookings.states
    import app.features.deals.changes.states
    import app.features.deals.contracts.deadlines
    import app.features.deals.contracts.states
    import app.features.deals.discounts.states
    import app.features.deals.doubts.states
    import app.features.deals.forms.states
    import app.features.deals.intentions.states
    import app.features.deals.mortgages.states
    import app.features.deals.owners
    import app.features.deals.reservations.states
    import app.features.deals.sets.states
    import app.features.deals.slips.states
    import app.features.deals.takeover.states  # noqa: F401

    _screens(appbuilder)
    _shown_elsewhere()
    _of_changes()
    _before_the_order()
    _told_of_customers()
    _at_the_signing(appbuilder)
    _loans_and_doubts()
    _listeners()


def _screens(appbuilder: AppBuilder) -> None:
    from app.features.deals.bookings.views import BookingView
    from app.features.deals.changes.views import ChangeView
    from app.features.deals.contracts.views import ContractView
    from app.features.deals.discounts.views import DiscountView
    from app.features.deals.doubts.views import DoubtView
    from app.features.deals.intentions.views import IntentionView
    from app.features.deals.mortgages.calculator import LoanCalculatorView
    from app.features.deals.mortgages.views import MortgageView
    from app.features.deals.reservations.views.buyers import BuyerView
    from app.features.deals.reservations.views.discounts_page import OrderDiscountsView
    from app.features.deals.reservations.views.lines_page import OrderLinesView
    from app.features.deals.reservations.views.lock_page import LockView
    from app.features.deals.reservations.views.orders import ReservationView
    from app.features.deals.takeover import views as takeover
    from app.kernel.screens.view import add_document

    for view in (
        IntentionView, BookingView, ReservationView, DiscountView, ContractView, ChangeView, MortgageView, DoubtView,
    ):  # fmt: skip
        add_document(appbuilder, view)
    appbuilder.add_view(
        LoanCalculatorView, "LoanCalculatorView", label=L("贷款计算器"), category="交易", category_label=L("交易"), icon="coin",
        href="/loan-calculator/",
    )  # fmt: skip
    add_document(appbuilder, BuyerView, menu=False)
    appbuilder.add_view_no_menu(LockView)
    appbuilder.add_view_no_menu(OrderDiscountsView)
    appbuilder.add_view_no_menu(OrderLinesView)
    add_document(appbuilder, takeover.TakeOverView)
    for rows in (takeover.TakeOverOrderView, takeover.TakeOverDueView, takeover.TakeOverReceiptView):
        add_document(appbuilder, rows, menu=False)


def _shown_elsewhere() -> None:
    """What pages of other rooms show of orders: tabs, cards, drawer acts, home lines."""
    from app.features.customers.models import Customer
    from app.features.deals import tabs
    from app.features.deals.archive_card import archive_card
    from app.features.deals.contracts.models import Contract
    from app.features.deals.contracts.views import deadline_card
    from app.features.deals.contracts.views import money_card as contract_card
    from app.features.deals.reservations.models import Reservation
    from app.features.deals.reservations.views.drawer import drawer_acts
    from app.features.deals.reservations.views.price_card import price_card
    from app.features.deals.takeover import views as takeover
    from app.features.deals.takeover.models import TakeOver
    from app.features.units.models import Unit
    from app.kernel import registries

    registries.add_tab(Reservation, "buyers", "买受人", tabs.buyers_of_order)
    registries.add_tab(Reservation, "plan", "付款计划", tabs.plan_of_order)
    registries.add_tab(Reservation, "contracts", "合同", tabs.contracts_of_order)
    registries.add_tab(Reservation, "changes", "变更", tabs.changes_of_order)
    registries.add_tab(Unit, "orders", "认购", tabs.orders_of_unit, Reservation.audience.posts)
    registries.add_tab(Customer, "orders", "交易", tabs.orders_of_customer)
    registries.add_brief(Customer, tabs.open_orders_in_brief)
    registries.add_side_card(Reservation, price_card)
    registries.add_side_card(Reservation, archive_card)
    registries.add_side_card(Contract, contract_card)
    registries.add_side_card(Contract, deadline_card)
    registries.add_main_card(TakeOver, takeover.check_card)
    for key, title, load in (
        ("faults", "要改正的", takeover.faults_of), ("orders", "订单", takeover.orders_of), ("dues", "应收", takeover.dues_of),
        ("receipts", "收款", takeover.receipts_of),
    ):  # fmt: skip
        registries.add_tab(TakeOver, key, title, load)
    registries.add_drawer_act(drawer_acts)
    registries.add_stat(tabs.today_numbers)
    registries.add_reminder(tabs.order_reminders)


def _of_changes() -> None:
    """What changes show of themselves, and on the contract that they supplement."""
    from app.features.deals.changes.cards import figures_card, new_buyers, supplements_of
    from app.features.deals.changes.home import change_reminders
    from app.features.deals.changes.models import ChangeRequest
    from app.features.deals.contracts.models import Contract
    from app.kernel import registries

    registries.add_side_card(ChangeRequest, figures_card)
    registries.add_tab(ChangeRequest, "buyers", "新买受人", new_buyers)
    registries.add_tab(Contract, "supplements", "补充协议", supplements_of)
    registries.add_reminder(change_reminders)


def _loans_and_doubts() -> None:
    """按揭 and 疑难单 on the pages of flats, orders, contracts and buyers; loans hear of their order."""
    from app.features.customers.models import Customer
    from app.features.deals.aftercare_tabs import doubts_of, mortgages_of, reminders
    from app.features.deals.contracts.models import Contract
    from app.features.deals.doubts.models import Doubt
    from app.features.deals.mortgages.catching_up import hear_of_take_over
    from app.features.deals.mortgages.models import Mortgage
    from app.features.deals.mortgages.opening import hear_of_end, hear_of_payment, hear_of_signature
    from app.features.deals.mortgages.views import days_card, payment_card
    from app.features.deals.registry import when_closed, when_payment_changed, when_signed, when_taken_over
    from app.features.deals.reservations.models import Reservation
    from app.features.units.models import Unit
    from app.kernel import registries

    when_signed(hear_of_signature)
    when_taken_over(hear_of_take_over)
    when_closed(hear_of_end)
    when_payment_changed(hear_of_payment)
    registries.add_side_card(Mortgage, payment_card)
    registries.add_side_card(Mortgage, days_card)
    for page in (Unit, Reservation, Contract, Customer):
        registries.add_tab(page, "mortgages", "按揭", mortgages_of, Mortgage.audience.posts)
        registries.add_tab(page, "doubts", "疑难单", doubts_of, Doubt.audience.posts)
    registries.add_reminder(reminders)


def _at_the_signing(appbuilder: AppBuilder) -> None:
    """What is prepared for a signing: 流转单, contract sets at two places, the custody of the printed forms."""
    from app.features.deals import tabs
    from app.features.deals.forms.models import FormBatch
    from app.features.deals.forms.views import ContractFormView, FormBatchView, serials_card, use_card
    from app.features.deals.reservations.models import Reservation
    from app.features.deals.sets.views import ContractSetView
    from app.features.deals.slips.models import SigningSlip
    from app.features.deals.slips.views import SigningSlipView, signed_off
    from app.kernel import registries
    from app.kernel.screens.view import add_document

    for view in (SigningSlipView, ContractSetView, ContractFormView, FormBatchView):
        add_document(appbuilder, view)
    registries.add_main_card(SigningSlip, signed_off)
    registries.add_main_card(FormBatch, use_card)
    registries.add_main_card(FormBatch, serials_card)
    registries.add_tab(Reservation, "signing", "签约准备", tabs.signing_of_order)


def _told_of_customers() -> None:
    """What the line of a customer tells of his papers here."""
    from app.features.customers.models import Customer
    from app.features.deals.bookings.models import Booking
    from app.features.deals.changes.models import ChangeRequest
    from app.features.deals.contracts.models import Contract
    from app.features.deals.discounts.models import DiscountRequest
    from app.features.deals.doubts.models import Doubt
    from app.features.deals.intentions.models import Intention
    from app.features.deals.mortgages.models import Mortgage
    from app.features.deals.reservations.models import Reservation
    from app.kernel.timeline import add_timeline, steps_of

    papers: tuple[tuple[str, Any], ...] = (
        ("认筹", Intention), ("小订", Booking), ("特殊折扣", DiscountRequest), ("认购", Reservation), ("合同", Contract),
        ("变更", ChangeRequest), ("按揭", Mortgage), ("疑难单", Doubt),
    )  # fmt: skip
    for word, model in papers:
        add_timeline(Customer, word, steps_of(model, partial(_of_customer, model)))


def _before_the_order() -> None:
    """认筹单 and 小订单 beside their money and on the customer's page."""
    from app.features.customers.models import Customer
    from app.features.customers.quotes.models import Quote
    from app.features.deals import tabs
    from app.features.deals.bookings.models import Booking
    from app.features.deals.bookings.views import money_card as booking_card
    from app.features.deals.intentions.models import Intention
    from app.features.deals.intentions.views import money_card as queue_card
    from app.features.deals.reservations.views.drawer import acts_of_quote
    from app.kernel import registries

    registries.add_side_card(Intention, queue_card)
    registries.add_side_card(Booking, booking_card)
    registries.add_tab(Customer, "queue", "认筹", tabs.intentions_of_customer)
    registries.add_record_act(Quote, acts_of_quote)


def _listeners() -> None:
    """Orders hear of money; the doctor compares them with the units; the search finds them."""
    from app.features.archive.registry import add_sources
    from app.features.deals.archiving import hear_of_receipt, hear_of_reversal, sources
    from app.features.deals.bookings.effects import bring_money as bring_booking
    from app.features.deals.bookings.effects import hear_of_money as hear_of_booking
    from app.features.deals.contracts.models import Contract
    from app.features.deals.intentions.effects import bring_money as bring_earnest
    from app.features.deals.numbers import orders_by_contract_number
    from app.features.deals.prints import declare_papers
    from app.features.deals.reservations.effects import EARNEST, hear_of_money
    from app.features.deals.reservations.locking import let_run_out
    from app.features.deals.reservations.models import Reservation
    from app.features.deals.verify import verify
    from app.features.payments.effects import when_confirmed, when_reversed
    from app.features.payments.registry import add_order_numbers
    from app.features.units.expiry import when_lock_expires
    from app.kernel.checkups import CHECKUPS, add_checkup
    from app.kernel.registries import add_search

    add_order_numbers(orders_by_contract_number)
    when_lock_expires(let_run_out)
    when_confirmed(hear_of_money)
    when_reversed(hear_of_money)
    when_confirmed(hear_of_booking)
    for bring in (bring_booking, bring_earnest):
        if bring not in EARNEST:
            EARNEST.append(bring)
    when_confirmed(hear_of_receipt)
    when_reversed(hear_of_reversal)
    add_sources(sources)
    declare_papers()
    _protected_papers()
    if all(checkup.run is not verify for checkup in CHECKUPS):
        add_checkup("房源与认购书", verify)
    for model, label in ((Reservation, "认购书"), (Contract, "合同")):
        add_search(
            model, label, title=lambda r: f"{r} {r.unit.full_name}", text=lambda r: f"{r.number or ''} {r.unit.full_name} {r.customer_name}",
            url=lambda r: f"/{r.__tablename__}/show/{r.id}", rank=3,
        )  # fmt: skip


def _protected_papers() -> None:
    """Whose every value `doctor` holds against the trail."""
    from app.features.deals.changes.models import ChangeRequest
    from app.features.deals.contracts.models import Contract
    from app.features.deals.discounts.models import DiscountRequest
    from app.features.deals.mortgages.models import Mortgage
    from app.features.deals.reservations.models import Buyer, Reservation
    from app.kernel.evidence import protect

    protect(Reservation, Buyer, Contract, ChangeRequest, DiscountRequest, Mortgage)


def _of_customer(model: Any, page: Any) -> Any:
    return model.customer_id == page.id
