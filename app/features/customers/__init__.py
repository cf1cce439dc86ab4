"""客户, 来电来访, 跟进: who asked for a home, who looks after him, what was said."""

from __future__ import annotations

from flask_appbuilder import AppBuilder

NAME = "customers"
LABEL = "客户"


def register(appbuilder: AppBuilder) -> None:
    """Registers the screens, the search and the home lines of customers."""
    _flows()
    from app.features.customers.consents import views as consents
    from app.features.customers.effects.phones import words_of_numbers
    from app.features.customers.models import Customer
    from app.features.customers.rotation.views import registering as rotation
    from app.features.customers.views import documents, home
    from app.features.customers.views.reception import ReceptionView
    from app.kernel import registries
    from app.kernel.screens.view import add_document

    category = documents.CATEGORY
    add_document(appbuilder, documents.CustomerView)
    appbuilder.add_view(
        ReceptionView, "ReceptionView", label="登记来访", icon="plus", category=str(category), category_label=category
    )
    add_document(appbuilder, documents.ContactView)
    add_document(appbuilder, documents.FollowUpView)
    add_document(appbuilder, documents.CustomerPhoneView, menu=False)
    registries.add_side_card(Customer, documents.phone_card)
    registries.add_tab(Customer, "contacts", "来电来访", documents.contacts_tab)
    registries.add_tab(Customer, "follow_ups", "跟进记录", documents.follow_ups_tab)
    _papers(appbuilder)
    _whose(appbuilder)
    consents.register(appbuilder)
    rotation.register(appbuilder)
    registries.add_stat(home.today_numbers)
    registries.add_reminder(home.follow_reminders)
    registries.add_search(
        Customer, "客户", title=lambda c: c.name, text=lambda c: c.name, url=lambda c: f"/customer/show/{c.id}",
        digests=words_of_numbers, rank=1,
    )  # fmt: skip


def _flows() -> None:
    """Every flow, with it every model, before any screen."""
    import app.features.customers.analysis.states
    import app.features.customers.assists.states
    import app.features.customers.channels.states
    import app.features.customers.claims.states
    import app.features.customers.consents.states
    import app.features.customers.leavers.states
    import app.features.customers.pool.states
    import app.features.customers.quotes.states
    import app.features.customers.referrals.states
    import app.features.customers.scripts.states
    import app.features.customers.states
    import app.features.customers.statistics_reports.states  # noqa: F401 - the flows


def _papers(appbuilder: AppBuilder) -> None:
    """The papers of this room that have packages of their own."""
    from app.features.customers import following, statistics
    from app.features.customers.analysis import register as analysis
    from app.features.customers.assists import views as assists
    from app.features.customers.quotes import views as quotes
    from app.features.customers.scripts import views as scripts
    from app.features.customers.statistics_reports import views as statistics_reports

    following.register(appbuilder)
    analysis.register(appbuilder)
    assists.register(appbuilder)
    quotes.register(appbuilder)
    scripts.register(appbuilder)
    statistics.register(appbuilder)
    statistics_reports.register(appbuilder)


def _whose(appbuilder: AppBuilder) -> None:
    """Whose the customers are: 公海, 判客, 渠道, 老带新, 移交."""
    from app.features.customers.channels import views as channels
    from app.features.customers.claims import views as claims
    from app.features.customers.leavers import views as leavers
    from app.features.customers.owners import views as owners
    from app.features.customers.pool import views as pool
    from app.features.customers.referrals import views as referrals

    owners.register()
    for room in (pool, claims, channels, referrals, leavers):
        room.register(appbuilder)
