"""办公: supplies, equipment, expenses with their budgets (S1.10, S3.22)."""

from __future__ import annotations

from flask_appbuilder import AppBuilder

NAME = "office"
LABEL = "办公"


def register(appbuilder: AppBuilder) -> None:
    """Each of its documents registers itself."""
    from app.features.office import equipment, expenses, supplies, trend
    from app.features.office.prints import declare_papers

    for document in (supplies, equipment, expenses, trend):
        document.register(appbuilder)
    declare_papers()
