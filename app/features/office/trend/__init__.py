"""费用月报: expenses against budgets and the use of supplies, month by month (S1.10)."""

from __future__ import annotations

from flask_appbuilder import AppBuilder
from flask_babel import lazy_gettext as L  # noqa: N812


def register(appbuilder: AppBuilder) -> None:
    """The page in the menu."""
    from app.features.office.category import CATEGORY
    from app.features.office.trend.views import TrendView

    appbuilder.add_view(
        TrendView, "TrendView", label=L("费用月报"), icon="chart", category=str(CATEGORY), category_label=CATEGORY
    )
