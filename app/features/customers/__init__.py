"""客户: who asks for a home, how he was met and followed, and to whom he belongs (02 §2.4, §2.5.2, §2.5.3)."""

from __future__ import annotations

from flask_appbuilder import AppBuilder

NAME = "customers"
LABEL = "客户"


def register(appbuilder: AppBuilder) -> None:
    """Registers the screens, the search and the home lines of customers."""
    from app.features.customers import states  # noqa: F401
