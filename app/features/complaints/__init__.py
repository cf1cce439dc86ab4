"""投诉建议: customers' and internal complaints, suggestions, incidents, disputes, and what is mended because of them."""

from __future__ import annotations

from flask_appbuilder import AppBuilder

NAME = "complaints"
LABEL = "投诉建议"


def register(appbuilder: AppBuilder) -> None:
    """Flows first (with them every model), then screens and what other pages show."""
    import app.features.complaints.actions.states
    import app.features.complaints.alarms
    import app.features.complaints.cases.states
    import app.features.complaints.incidents.states
    import app.features.complaints.internal.states
    import app.features.complaints.suggestions.states  # noqa: F401
    from app.features.complaints.actions.views import CorrectiveActionView
    from app.features.complaints.cases.views import ComplaintView
    from app.features.complaints.category import CATEGORY
    from app.features.complaints.incidents.views import DisputeView, IncidentView
    from app.features.complaints.internal.views import InternalComplaintView
    from app.features.complaints.reports.views import ComplaintReportView
    from app.features.complaints.suggestions.views import SuggestionView
    from app.kernel.screens.view import add_document

    for view in (ComplaintView, InternalComplaintView, SuggestionView, IncidentView, DisputeView, CorrectiveActionView):
        add_document(appbuilder, view)
    appbuilder.add_view(
        ComplaintReportView,
        "ComplaintReportView",
        label="投诉月报",
        icon="chart",
        category=str(CATEGORY),
        category_label=CATEGORY,
    )
    _shown_elsewhere()


def _shown_elsewhere() -> None:
    from app.features.complaints import tabs
    from app.features.complaints.cases.models import Complaint
    from app.features.complaints.internal.models import InternalComplaint
    from app.features.customers.models import Customer
    from app.features.deals.contracts.models import Contract
    from app.features.deals.reservations.models import Reservation
    from app.features.units.models import Unit
    from app.kernel import registries
    from app.kernel.timeline import add_timeline, steps_of

    add_timeline(Customer, "客户投诉", steps_of(Complaint, lambda page: Complaint.customer_id == page.id))
    for page in (Customer, Unit, Reservation, Contract):
        registries.add_tab(page, "complaints", "客户投诉", tabs.complaints_of, Complaint.audience.posts)
    for paper in (Complaint, InternalComplaint):
        registries.add_side_card(paper, tabs.clocks_card)
    registries.add_reminder(tabs.reminders)
