"""钥匙借用: the tiny room of docs/developers/add-a-document.md, added to the site for one test only."""

from __future__ import annotations

from flask_appbuilder import AppBuilder

NAME = "key_loans"
LABEL = "钥匙借用"


def register(appbuilder: AppBuilder) -> None:
    """Step 8: the screens; step 6 and 7 come with the flow."""
    import tests.developers.key_loans.states  # noqa: F401 - the flow and its kind of approval
    from app.features.units.models import Unit
    from app.kernel import registries
    from app.kernel.screens.view import add_document
    from tests.developers.key_loans.views import KeyLoanView, loans_of_unit

    add_document(appbuilder, KeyLoanView)
    registries.add_tab(Unit, "key_loans", "钥匙借用", loans_of_unit)
