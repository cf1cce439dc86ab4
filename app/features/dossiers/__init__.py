"""客户档案报送: the electronic file of a household, told to 甲方营销策划部 with the customer's consent (S1.11.2).

A room of its own behind deals and payments: a file tells of orders, money and papers, which customers do not know.
"""

from __future__ import annotations

from flask_appbuilder import AppBuilder

NAME = "dossiers"
LABEL = "客户档案报送"


def register(appbuilder: AppBuilder) -> None:
    """Screens, tabs on the customer's page, papers, reminders; a withdrawn consent stops the sharing."""
    import app.features.dossiers.jobs
    import app.features.dossiers.states  # noqa: F401 - the flow
    from app.features.customers.consents.effects import add_withdrawal_listener
    from app.features.customers.models import Customer
    from app.features.dossiers import home, views
    from app.features.dossiers.effects import stop_sharing
    from app.features.dossiers.models import MAKERS, DossierBatch
    from app.features.dossiers.prints import declare_papers
    from app.kernel import registries
    from app.kernel.screens.view import add_document

    add_document(appbuilder, views.DossierBatchView)
    add_document(appbuilder, views.DossierFileView, menu=False)
    registries.add_tab(DossierBatch, "files", "报送的档案", views.told_of)
    registries.add_tab(DossierBatch, "left_out", "未报送", views.left_out_of, views.HEADS | MAKERS)
    registries.add_tab(Customer, "file", "电子档案", views.file_of_customer)
    registries.add_tab(Customer, "sent", "档案报送记录", views.sent_of_customer, views.HEADS | MAKERS)
    registries.add_reminder(home.reminders)
    add_withdrawal_listener(stop_sharing)
    declare_papers()
