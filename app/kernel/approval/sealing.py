"""What was approved is what was asked: a fingerprint over the values of the applicant's fields (07 §7.1).

Values, never words: a label, a unit or a date written another way in the next version must not void what is being decided.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.kernel.approval.kinds import Kind
from app.kernel.base import declared_fields


def content_hash(kind: Kind, document: Any) -> str:
    """SHA-256 over what the kind covers: its `content`, or all declared fields that are not set by the system."""
    return _digest(document, kind.content or _asked(type(document)))


def is_unchanged(kind: Kind, document: Any, sealed: str) -> bool:
    """Whether the paper still says what it said when `sealed` was made, also by a version that covered other attributes."""
    return sealed == content_hash(kind, document) or any(sealed == _digest(document, n) for n in kind.content_before)


def _asked(model: type[Any]) -> tuple[str, ...]:
    return tuple(name for name, facts in declared_fields(model) if not facts.auto)


def _digest(document: Any, names: tuple[str, ...]) -> str:
    values = [[name, _value(getattr(document, name))] for name in names]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()


def _value(value: Any) -> Any:
    """The value as JSON; a closed list gives its code. Raises TypeError for a record, whose text is wording."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_value(part) for part in value]
    if isinstance(value, dict):
        return {key: _value(part) for key, part in value.items()}
    if value is None or isinstance(value, str | int | bool):
        return value
    raise TypeError(f"{type(value).__name__} in an approval's content: name its columns")
