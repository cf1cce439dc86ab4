"""A row with cells that nobody understands is checked all the same: what does not need them is told in the same preview."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from app.kernel.imports.declared import Values


class UnreadCell(Exception):
    """A check asked for a cell that could not be read; it has nothing to say until that is mended."""


class HalfRead(Values):
    """The values of such a row. Whoever asks for one of the unread columns, or for the row as a whole, is stopped."""

    def __init__(self, values: Values, unread: set[str]) -> None:
        super().__init__(values)
        self.unread = unread

    def __getitem__(self, name: str) -> Any:
        self._stop_at(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """As of any values, for columns that were read."""
        self._stop_at(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self._stop_at(name)
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        self._stop()

    def keys(self) -> NoReturn:
        """Nobody gets the whole row."""
        self._stop()

    def values(self) -> NoReturn:
        """Nobody gets the whole row."""
        self._stop()

    def items(self) -> NoReturn:
        """Nobody gets the whole row."""
        self._stop()

    def _stop_at(self, name: object) -> None:
        if name in self.unread:
            raise UnreadCell(name)

    def _stop(self) -> NoReturn:
        raise UnreadCell
