"""价目表, 付款方式, 销售方案, 甲方授权: what the homes cost and who may go below it."""

from __future__ import annotations

from flask_appbuilder import AppBuilder

NAME = "pricing"
LABEL = "价格"


def register(appbuilder: AppBuilder) -> None:
    """Flows, screens, jobs, tabs of the room."""
    import app.features.pricing.states  # noqa: F401 - flows, kinds of approval and jobs
    from app.features.pricing.models import Mandate, PriceList, PriceNotice, SalesScheme
    from app.features.pricing.views import mandates, price_lists, price_notices, schemes
    from app.features.units.models import Unit
    from app.kernel import registries
    from app.kernel.screens.readers import readers_tab
    from app.kernel.screens.view import add_document

    for view in (
        price_lists.PriceListView, price_lists.PriceLineView, schemes.SalesSchemeView, schemes.PaymentSchemeView,
        mandates.MandateView, price_notices.PriceNoticeView,
    ):  # fmt: skip
        add_document(appbuilder, view)
    add_document(appbuilder, schemes.PublicDiscountView, menu=False)
    registries.add_tab(PriceList, "lines", "价格", price_lists.lines_of_list)
    registries.add_tab(SalesScheme, "discounts", "公开优惠", schemes.discounts_of_scheme)
    registries.add_tab(Mandate, "uses", "使用记录", mandates.uses_of_mandate)
    registries.add_main_card(PriceNotice, price_notices.changed_prices)
    registries.add_tab(PriceNotice, "receipts", "签收情况", readers_tab)
    registries.add_main_card(Unit, price_lists.price_card)
