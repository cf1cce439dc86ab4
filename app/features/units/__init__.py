"""楼栋, 户型, 房源, 推盘批次, 销控指令, 保留, 销控表: the homes, what they cost and who has them."""

from __future__ import annotations

from flask_appbuilder import AppBuilder

NAME = "units"
LABEL = "房源"


def register(appbuilder: AppBuilder) -> None:
    """Flows, screens, jobs, tabs and drawer acts of the room."""
    # Every flow first: with it come its models, which must all be there before a screen looks at one of them.
    import app.features.units.entries.states
    import app.features.units.holds.states
    import app.features.units.instructions.states
    import app.features.units.releases.states
    import app.features.units.states  # noqa: F401

    _screens(appbuilder)


def _screens(appbuilder: AppBuilder) -> None:
    from flask_babel import lazy_gettext as L  # noqa: N812

    from app.features.units import expiry, search, views  # noqa: F401 - expiry declares its jobs
    from app.features.units.board.views import BoardView
    from app.features.units.entries.pages import UnitFormsView
    from app.features.units.entries.views import EntryView
    from app.features.units.holds.views import HoldView
    from app.features.units.imports.views import UnitImportView
    from app.features.units.instructions.views import ControlOrderView
    from app.features.units.releases.views import ReleaseView
    from app.kernel.screens.view import add_document

    def add_page(view: type, label: object, icon: str) -> None:
        appbuilder.add_view(
            view, view.__name__, label=label, icon=icon, category=str(views.CATEGORY), category_label=views.CATEGORY
        )

    appbuilder.add_view(BoardView, "BoardView", label=L("销控表"), icon="grid")  # every day's page: no group
    for view in (
        views.UnitView,
        ReleaseView,
        HoldView,
        ControlOrderView,
        EntryView,
        views.BuildingView,
        views.UnitTypeView,
    ):
        add_document(appbuilder, view)
    add_page(UnitImportView, L("导入房源"), "upload")
    appbuilder.add_view_no_menu(UnitFormsView)
    search.register()
    _connections()


def _connections() -> None:
    """What other pages show of this room."""
    from app.features.units.entries.views import changes_of_entry, units_of_entry
    from app.features.units.holds.views import hold_act
    from app.features.units.instructions.views import units_of_order
    from app.features.units.models import ControlOrder, ReleaseBatch, UnitEntry
    from app.features.units.releases.views import units_of_batch
    from app.kernel import registries
    from app.kernel.screens.readers import readers_tab

    registries.add_tab(UnitEntry, "units", "房源", units_of_entry)
    registries.add_tab(UnitEntry, "changes", "更新明细", changes_of_entry)
    registries.add_tab(ReleaseBatch, "units", "房源", units_of_batch)
    registries.add_tab(ControlOrder, "units", "房源", units_of_order)
    registries.add_tab(ControlOrder, "receipts", "签收情况", readers_tab)
    registries.add_drawer_act(hold_act)
