"""Options of a statement, put on without asking each again what it is: every statement of the site carries two dozen."""

from __future__ import annotations

from typing import Any


def with_options(statement: Any, options: tuple[Any, ...]) -> Any:
    """As `statement.options(*options)`, which coerces one by one what is known to be options (7 % of a request)."""
    cut = statement._generate()
    cut._with_options += options
    return cut
