"""设备: what the site works with, who has it, what is under repair."""

from __future__ import annotations

from flask_appbuilder import AppBuilder


def register(appbuilder: AppBuilder) -> None:
    """Flow, screens, home lines; hears of leavers."""
    import app.features.office.equipment.states  # noqa: F401 - flows first: with them come the models
    from app.features.office.equipment import home, views
    from app.features.office.equipment.effects import tell_of_leaver
    from app.features.office.equipment.models import Equipment
    from app.features.organisation.effects import when_leaving
    from app.kernel import registries
    from app.kernel.screens.view import add_document

    add_document(appbuilder, views.EquipmentView)
    for view in (views.EquipmentHoldingView, views.EquipmentRepairView):
        add_document(appbuilder, view, menu=False)
    registries.add_tab(Equipment, "holdings", "领用记录", views.holdings_of)
    registries.add_tab(Equipment, "repairs", "维修记录", views.repairs_of)
    registries.add_reminder(home.reminders)
    registries.add_search(
        Equipment, Equipment.__label__, title=lambda thing: thing.title, text=lambda thing: f"{thing.title} {thing.asset_number}",
        url=lambda thing: f"/equipment/show/{thing.id}",
    )  # fmt: skip
    when_leaving(tell_of_leaver)
