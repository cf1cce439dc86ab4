"""Column types of the house: exact money and areas as integers, closed lists, encrypted personal data."""

from __future__ import annotations

import hashlib
import hmac
from decimal import Decimal
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import BigInteger, LargeBinary, String
from sqlalchemy.types import TypeDecorator

from app.kernel.errors import RuleError
from app.kernel.states import Choice


class _Scaled(TypeDecorator[Decimal]):
    """A Decimal kept as an integer of its smallest unit; more decimals than the unit has are refused, never rounded."""

    impl = BigInteger
    cache_ok = True
    places = 2

    def process_bind_param(self, value: Decimal | int | str | None, dialect: Any) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value).scaleb(self.places)
        if not scaled.is_finite() or scaled != scaled.to_integral_value():
            raise RuleError(
                "数值 {value} 超过 {places} 位小数，请按 {places} 位小数填写", value=value, places=self.places
            )
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)


class Money(_Scaled):
    """Yuan as Decimal outside, integer fen inside (03 §3.3.2)."""

    cache_ok = True


class Area(_Scaled):
    """㎡ as Decimal outside, integer of 0.01 ㎡ inside."""

    cache_ok = True


class Rate(_Scaled):
    """A fraction (0.98, 0.0002) as Decimal outside, integer of 0.000001 inside."""

    cache_ok = True
    places = 6


class ChoiceType(TypeDecorator[Choice]):
    """A closed list stored by code."""

    impl = String(32)
    cache_ok = True

    def __init__(self, choices: type[Choice]) -> None:
        super().__init__()
        self.choices = choices
        self.by_code: dict[str, Choice] = {
            member.value: member for member in choices
        }  # an export reads hundreds of thousands

    def _member(self, code: str) -> Choice:
        return self.by_code.get(code) or self.choices(code)  # type: ignore[call-arg]  # which says what is wrong

    def process_bind_param(self, value: Choice | str | None, dialect: Any) -> str | None:
        return None if value is None else self._member(value).value

    def process_result_value(self, value: str | None, dialect: Any) -> Choice | None:
        return None if value is None else self._member(value)


_keys: dict[str, Any] = {}


def use_keys(field_keys: list[str], index_key: str) -> None:
    """Set by create_app from the settings: Fernet keys of encrypted columns (newest first) and the HMAC key of look-up columns."""
    _keys["cipher"] = MultiFernet([Fernet(k) for k in field_keys])
    _keys["index"] = index_key.encode()


def _cipher() -> MultiFernet:
    cipher: MultiFernet = _keys["cipher"]
    return cipher


def blind(text: str) -> str:
    """HMAC of a normalised value: equality search without the plain text (03 §3.3.9)."""
    return hmac.new(_keys["index"], text.encode(), hashlib.sha256).hexdigest()


class Encrypted(TypeDecorator[str]):
    """Text encrypted at rest (phone, ID number); search it through a `blind` column beside it."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> bytes | None:
        return None if value is None else _cipher().encrypt(value.encode())

    def process_result_value(self, value: bytes | None, dialect: Any) -> str | None:
        return None if value is None else _cipher().decrypt(value).decode()
