"""资料档案: 一户一档, 现场文件, 借阅, 移交, 收发文, 用印, 制度文件 (02 §2.5.8). Later rooms file their papers here."""

from __future__ import annotations

from flask_appbuilder import AppBuilder

NAME = "archive"
LABEL = "资料档案"


def register(appbuilder: AppBuilder) -> None:
    """Flows first (with them every model), then screens and what other pages show of the archive."""
    import app.features.archive.folders.states
    import app.features.archive.papers.states
    import app.features.archive.site_files.states  # noqa: F401

    _screens(appbuilder)
    _connections()


def _screens(appbuilder: AppBuilder) -> None:
    from flask_babel import lazy_gettext as L  # noqa: N812

    from app.features.archive.category import CATEGORY
    from app.features.archive.folders.views import FolderView, PaperKindView
    from app.features.archive.lookup.views import LookupView
    from app.features.archive.papers.views import PaperView
    from app.features.archive.site_files.views import SiteFileView
    from app.kernel.screens.view import add_document

    appbuilder.add_view(
        LookupView, "LookupView", label=L("查资料"), icon="search", category=str(CATEGORY), category_label=CATEGORY
    )
    for view in (FolderView, PaperView, SiteFileView, PaperKindView):
        add_document(appbuilder, view)


def _connections() -> None:
    """What pages show of the archive, and what the search knows of it."""
    from app.features.archive import finding, home
    from app.features.archive.folders import tabs
    from app.features.archive.folders.models import Folder
    from app.kernel import registries

    registries.add_side_card(Folder, tabs.meter_card)
    registries.add_tab(Folder, "papers", "资料", tabs.papers_of_folder)
    registries.add_tab(Folder, "unfiled", "待归档附件", tabs.unfiled_of_folder, tabs.FILERS)
    registries.add_reminder(home.reminders)
    finding.register()
