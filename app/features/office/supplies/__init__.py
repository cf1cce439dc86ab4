"""办公用品: what lies in the store, what comes in and goes out, and who signed for it."""

from __future__ import annotations

from flask_appbuilder import AppBuilder


def register(appbuilder: AppBuilder) -> None:
    """Flows, screens, home lines, verification."""
    import app.features.office.supplies.states  # noqa: F401 - flows first: with them come the models
    from app.features.office.supplies import home
    from app.features.office.supplies.models import SupplyItem
    from app.features.office.supplies.verify import verify
    from app.features.office.supplies.views import items, papers
    from app.kernel import registries
    from app.kernel.checkups import CHECKUPS, add_checkup
    from app.kernel.screens.view import add_document

    for view in (
        items.SupplyItemView, papers.SupplyPurchaseView, papers.SupplyReceiptView, papers.SupplyHandView,
        papers.SupplyCheckView,
    ):  # fmt: skip
        add_document(appbuilder, view)
    add_document(appbuilder, items.StockMovementView)
    registries.add_tab(SupplyItem, "movements", "出入库流水", items.movements_of)
    registries.add_reminder(home.reminders)
    registries.add_search(
        SupplyItem, SupplyItem.__label__, title=lambda item: item.title, text=lambda item: item.title,
        url=lambda item: f"/supply-item/show/{item.id}",
    )  # fmt: skip
    if all(checkup.run is not verify for checkup in CHECKUPS):
        add_checkup("办公用品库存", verify)
