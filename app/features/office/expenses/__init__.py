"""费用: subjects, budgets, claims of the agency and of the developer (S1.10, 07 «费用»)."""

from __future__ import annotations

from flask_appbuilder import AppBuilder


def register(appbuilder: AppBuilder) -> None:
    """Flows, screens, home lines."""
    import app.features.office.expenses.states  # noqa: F401 - flows first: with them come the models
    from app.features.office.expenses import home
    from app.features.office.expenses.books import BOOKS
    from app.features.office.expenses.views import budgets, claims
    from app.kernel import registries
    from app.kernel.screens.view import add_document

    add_document(appbuilder, claims.AgencyExpenseView)
    add_document(appbuilder, claims.DeveloperExpenseView)
    for view in (budgets.AgencyBudgetView, budgets.DeveloperBudgetView, budgets.ExpenseSubjectView):
        add_document(appbuilder, view, menu=False)
    for book in BOOKS:
        registries.add_side_card(book.expense, claims.card_of)
        registries.add_side_card(book.budget, budgets.use_card)
    registries.add_reminder(home.reminders)
