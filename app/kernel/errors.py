"""The refusals of the house: each carries one Chinese sentence that says what is wrong and what to do."""

from __future__ import annotations


class RuleError(Exception):
    """A rule of the business refuses an act.

    message is a Chinese template («{x}» filled from values), field the form field that it belongs to.
    """

    status = 422

    def __init__(self, message: str, *, field: str | None = None, **values: object) -> None:
        self.template = message
        self.field = field
        self.values = values
        super().__init__(message.format(**values) if values else message)


class StaleError(RuleError):
    """Somebody else was faster: the record is no longer as the page showed it (answered 409)."""

    status = 409


class NotFound(Exception):
    """No such record for this person: missing and foreign look the same (answered 404)."""


class Forbidden(Exception):
    """The person sees the record but may not do this (answered 403)."""
