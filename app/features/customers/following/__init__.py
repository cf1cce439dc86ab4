"""跟进待办: who has to be reached today, who is late, whose grade is to be lowered; and everything that happened with one customer."""

from __future__ import annotations

from flask_appbuilder import AppBuilder
from flask_babel import lazy_gettext as L  # noqa: N812


def register(appbuilder: AppBuilder) -> None:
    """The two pages, the tab, and what this room tells of a customer."""
    from app.features.customers.following.desk import FollowDeskView
    from app.features.customers.following.history import ROOM, CustomerTimelineView
    from app.features.customers.following.home import today_card
    from app.features.customers.models import Customer
    from app.features.customers.views.documents import CATEGORY
    from app.kernel import registries
    from app.kernel.timeline import add_timeline

    appbuilder.add_view(
        FollowDeskView,
        "FollowDeskView",
        label=L("跟进待办"),
        icon="clock",
        category=str(CATEGORY),
        category_label=CATEGORY,
    )
    appbuilder.add_view_no_menu(CustomerTimelineView)
    registries.add_fetched_tab(
        Customer,
        "timeline",
        "全程记录",
        lambda page: f"/customer-timeline/{page.id}",
        CustomerTimelineView.posts["page"],
    )
    registries.add_home_card(today_card)
    for kind, load in ROOM:
        add_timeline(Customer, kind, load)
