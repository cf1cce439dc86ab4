"""Where a walk through a list stands: the values of the row at the edge of the page, in the address.

A cursor carries its order; one that is odd, or of another order, is None, and the list shows its first page. Its values are
those that the list shows, and the rows behind it are cut by the session's scope as any others: it opens nothing.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Integer, String

from app.kernel.columns import ChoiceType, Money, Rate
from app.kernel.screens.ordering import Key
from app.kernel.states import Choice

LONGEST_VALUE = 255
MOST_PAGES = 10**7


@dataclass(frozen=True)
class Cursor:
    """values: one for each key of the order, None for an end of the list (backwards without values = the last page).

    page: which page this is, for the reader: 1, 2 … from the start, -1, -2 … from the end.
    """

    backwards: bool
    page: int
    values: tuple[Any, ...] | None


def write_cursor(order: str, cursor: Cursor) -> str:
    """The cursor as a word of an address."""
    values = None if cursor.values is None else [_plain(value) for value in cursor.values]
    told = json.dumps([order, int(cursor.backwards), cursor.page, values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def read_cursor(text: str, order: str, keys: tuple[Key, ...]) -> Cursor | None:
    """The cursor of an address; None for anything that write_cursor would not have written for this order."""
    try:
        told = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        its_order, backwards, page, values = told
        if its_order != order or backwards not in (0, 1) or type(page) is not int or not 0 < abs(page) <= MOST_PAGES:
            return None
        if values is None:
            return Cursor(True, page, None) if backwards else None
        if len(values) != len(keys):
            return None
        return Cursor(bool(backwards), page, tuple(_value(k, v) for k, v in zip(keys, values, strict=True)))
    except (ValueError, TypeError, InvalidOperation, binascii.Error, RecursionError):
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, Choice):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _value(key: Key, raw: Any) -> Any:
    """The value of a column. Raises ValueError, TypeError or InvalidOperation for what such a column never holds."""
    kind = key.column.type
    if raw is None:
        if not key.column.nullable:
            raise ValueError("null")
        return None
    if isinstance(kind, Money | Rate) or hasattr(kind, "places"):
        return _scaled(kind.places, raw)
    if isinstance(kind, (Boolean, Integer)):
        wide = 2**63 if isinstance(kind, BigInteger) else 2**31
        if type(raw) not in ((bool,) if isinstance(kind, Boolean) else (int,)) or not -wide <= raw < wide:
            raise ValueError(raw)
        return raw
    if not isinstance(raw, str) or len(raw) > LONGEST_VALUE or "\x00" in raw:
        raise ValueError(raw)
    raw.encode()  # a lone surrogate is no text of a database
    if isinstance(kind, ChoiceType):
        return kind.choices(raw)  # type: ignore[call-arg]
    if isinstance(kind, DateTime):
        return _moment(raw)
    if isinstance(kind, Date):
        return date.fromisoformat(raw)
    if isinstance(kind, String):
        return raw
    raise TypeError(f"{key.name} cannot be walked by")


def _scaled(places: int, raw: Any) -> Decimal:
    number = Decimal(raw) if isinstance(raw, str) and len(raw) < 25 else Decimal("NaN")
    if not number.is_finite() or abs(number.scaleb(places)) >= 2**62 or number != round(number, places):
        raise ValueError(raw)
    return number


def _moment(raw: str) -> datetime:
    found = datetime.fromisoformat(raw)
    if found.tzinfo is not None:
        raise ValueError(raw)
    return found
