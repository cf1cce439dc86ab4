"""资料档案: 一户一档, 现场文件, 借阅, 移交, 收发文, 用印, 制度文件 (02 §2.5.8). Later rooms file their papers here."""

from __future__ import annotations

from flask_appbuilder import AppBuilder

NAME = "archive"
LABEL = "资料档案"


def register(appbuilder: AppBuilder) -> None:
    """Flows first (with them every model), then screens and what other pages show of the archive."""
    import app.features.archive.folders.states
    import app.features.archive.handovers.states
    import app.features.archive.letters.states
    import app.features.archive.loans.states
    import app.features.archive.papers.states
    import app.features.archive.regulations.states
    import app.features.archive.seals.states
    import app.features.archive.site_files.states
    import app.features.archive.templates.states  # noqa: F401

    _screens(appbuilder)
    _connections()


def _screens(appbuilder: AppBuilder) -> None:
    from flask_babel import lazy_gettext as L  # noqa: N812

    from app.features.archive.category import CATEGORY
    from app.features.archive.folders.views import FolderView, PaperKindView
    from app.features.archive.handovers.views import PaperHandoverView
    from app.features.archive.letters.views import IncomingLetterView, OutgoingLetterView
    from app.features.archive.loans.views import FileLoanView, LoanView
    from app.features.archive.lookup.views import LookupView
    from app.features.archive.papers.views import PaperView
    from app.features.archive.regulations.views import RegulationView
    from app.features.archive.seals.views import SealUseView
    from app.features.archive.site_files.views import SiteFileView
    from app.features.archive.templates.views import PaperTemplateView
    from app.kernel.screens.view import add_document

    appbuilder.add_view(
        LookupView, "LookupView", label=L("查资料"), icon="search", category=str(CATEGORY), category_label=CATEGORY
    )
    for view in (
        FolderView, PaperView, SiteFileView, LoanView, FileLoanView, PaperHandoverView, IncomingLetterView, OutgoingLetterView,
        SealUseView, RegulationView, PaperTemplateView, PaperKindView,
    ):  # fmt: skip
        add_document(appbuilder, view)


def _connections() -> None:
    """What pages show of the archive, what the search knows of it, what the doctor verifies."""
    from app.features.archive import finding, home
    from app.features.archive.effects import FILED, seal_faults
    from app.features.archive.folders import tabs
    from app.features.archive.folders.models import Folder
    from app.features.archive.handovers.models import PaperHandover
    from app.features.archive.handovers.views import lines_of
    from app.features.archive.letters import views as letters
    from app.features.archive.letters.models import IncomingLetter
    from app.features.archive.loans import views as loans
    from app.features.archive.prints import declare_papers
    from app.features.archive.regulations import views as regulations
    from app.features.archive.regulations.models import Regulation
    from app.features.archive.templates.effects import template_faults, template_in_use
    from app.kernel import registries
    from app.kernel.checkups import CHECKUPS, add_checkup
    from app.kernel.papers.templates import use_templates
    from app.kernel.screens.readers import readers_tab

    registries.add_side_card(Folder, tabs.meter_card)
    registries.add_tab(Folder, "papers", "资料", tabs.papers_of_folder)
    registries.add_tab(Folder, "unfiled", "待归档附件", tabs.unfiled_of_folder, tabs.FILERS)
    for model in FILED:
        registries.add_tab(model, "loans", "借阅", loans.loans_of)
    registries.add_tab(PaperHandover, "papers", "移交资料", lines_of)
    registries.add_tab(IncomingLetter, "answers", "答复", letters.answers_of)
    for key, title, load in (
        ("opinions", "意见", regulations.opinions_of), ("receipts", "签收情况", readers_tab),
        ("versions", "各版本", regulations.versions_of),
    ):  # fmt: skip
        registries.add_tab(Regulation, key, title, load)
    registries.add_reminder(home.reminders)
    finding.register()
    if all(checkup.run is not seal_faults for checkup in CHECKUPS):
        add_checkup("封存的资料", seal_faults)
        add_checkup("文书模板", template_faults)
    use_templates(template_in_use)
    declare_papers()
