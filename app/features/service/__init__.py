"""服务质量: what visitors say, what the supervisor checks, what a mystery visitor finds, and who stands where."""

from __future__ import annotations

from flask_appbuilder import AppBuilder

NAME = "service"
LABEL = "服务质量"


def register(appbuilder: AppBuilder) -> None:
    """Flows first (with them every model), then screens, the visitor's page, and what other pages show."""
    import app.features.service.checks.states
    import app.features.service.mystery.states
    import app.features.service.ratings.states  # noqa: F401
    from app.extensions import limiter
    from app.features.service.category import CATEGORY
    from app.features.service.checks.views import ServiceCheckView
    from app.features.service.league.views import ServiceLeagueView
    from app.features.service.mystery.views import MysteryVisitView
    from app.features.service.ratings import public
    from app.features.service.ratings.views import RatingDeskView, ServiceRatingView
    from app.kernel.entrance import open_to_all
    from app.kernel.screens.view import add_document

    for view in (ServiceRatingView, ServiceCheckView, MysteryVisitView, RatingDeskView):
        add_document(appbuilder, view)
    appbuilder.add_view(
        ServiceLeagueView,
        "ServiceLeagueView",
        label="服务排名",
        icon="chart",
        category=str(CATEGORY),
        category_label=CATEGORY,
    )
    visitor = appbuilder.add_view_no_menu(public.VisitorRating)
    open_to_all("VisitorRating.form", "VisitorRating.done")
    for methods, allowed in ((["GET"], public.READ_LIMIT), (["POST"], public.SEND_LIMIT)):
        limiter.limit(allowed, methods=methods)(visitor.blueprint)
    _shown_elsewhere()


def _shown_elsewhere() -> None:
    from app.features.customers.models import Contact
    from app.features.service import home
    from app.features.service.ratings import views
    from app.features.service.ratings.models import RatingDesk
    from app.kernel import registries

    registries.add_side_card(RatingDesk, views.desk_code)
    registries.add_side_card(Contact, views.visit_code)
    registries.add_tab(RatingDesk, "ratings", "评价", views.ratings_of_desk)
    registries.add_reminder(home.reminders)
