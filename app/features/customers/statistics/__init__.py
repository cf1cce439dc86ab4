"""潜客统计 (S3.19, S3.5): who asks for homes here and what becomes of him; 来人来电周表, funnel, cohorts, help on hard sales.

It stands in this room, not behind deals: how far a customer came is kept on the customer himself (首次认筹, 认购, 签约), because
deals moves him by internal steps. So no order has to be read, and no later room imported.
"""

from __future__ import annotations

from flask_appbuilder import AppBuilder
from flask_babel import lazy_gettext as L  # noqa: N812


def register(appbuilder: AppBuilder) -> None:
    """The page in the menu."""
    from app.features.customers.statistics.page import StatisticsView
    from app.features.customers.views.documents import CATEGORY

    appbuilder.add_view(
        StatisticsView,
        "StatisticsView",
        label=L("潜客统计"),
        icon="chart",
        category=str(CATEGORY),
        category_label=CATEGORY,
    )
