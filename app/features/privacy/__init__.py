"""个人信息: requests of persons, the purge of visitors who did not buy, leaks, who read whose data (02 §2.5.11).

The last room of the house: what is kept by law follows from orders, money and papers, and every file of a person is erased here.
"""

from __future__ import annotations

from flask_appbuilder import AppBuilder

NAME = "privacy"
LABEL = "个人信息"


def register(appbuilder: AppBuilder) -> None:
    """Flows, screens, jobs, reminders, papers."""
    from flask_babel import lazy_gettext as L  # noqa: N812

    import app.features.privacy.breaches.states
    import app.features.privacy.purge.jobs
    import app.features.privacy.purge.states
    import app.features.privacy.requests.states  # noqa: F401
    from app.features.customers.models import Customer
    from app.features.privacy import home
    from app.features.privacy.breaches.views import BreachView
    from app.features.privacy.category import CATEGORY
    from app.features.privacy.prints import declare_papers
    from app.features.privacy.purge import views as purge
    from app.features.privacy.purge.models import PurgeRun
    from app.features.privacy.reads.views import DataReadsView
    from app.features.privacy.requests import views as requests
    from app.kernel import registries
    from app.kernel.screens.view import add_document

    add_document(appbuilder, requests.PersonRequestView)
    add_document(appbuilder, purge.PurgeRunView)
    add_document(appbuilder, BreachView)
    appbuilder.add_view(
        DataReadsView,
        "DataReadsView",
        label=L("谁看过个人信息"),
        icon="eye",
        category=str(CATEGORY),
        category_label=CATEGORY,
    )
    registries.add_tab(PurgeRun, "listed", "名单", purge.listed_of)
    registries.add_tab(Customer, "person_requests", "个人信息请求", requests.requests_of)
    registries.add_reminder(home.reminders)
    declare_papers()
