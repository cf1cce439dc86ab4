"""States that a supervisor can read: each member carries its Chinese word and the tone of its tag (look/tokens.md §3)."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Choice(StrEnum):
    """A closed list of words: the value is the code in the database, `label` the Chinese word."""

    label: str
    tone: str

    def __new__(cls, code: str, label: str, tone: str = "info") -> Choice:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        member.tone = tone
        return member

    @classmethod
    def coded(cls, code: str | None) -> Self | None:
        """The member with this code, or None."""
        return next((m for m in cls if m.value == code), None)

    @classmethod
    def labelled(cls, label: str) -> Self | None:
        """The member with this Chinese word, or None."""
        return next((m for m in cls if m.label == label), None)


class State(Choice):
    """States of one document in the order of its normal way; tone is one of ok, warn, bad, info, mute, plum, cyan."""
