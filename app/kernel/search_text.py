"""From names and questions to words of the index: Chinese by character, pinyin beside it, phones as digests (03 §3.3.9). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.kernel.chinese import fold, pinyin_readings
from app.kernel.columns import blind

_CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_TOKEN = re.compile(f"[{_CJK}]|[^\\W_{_CJK}]+")
_ONLY_CJK = re.compile(f"[{_CJK}]+")
_ROOM = re.compile(f"(?<=[{_CJK}])(?=\\d)")
_IDENTITY = re.compile(r"[0-9]{17}[Xx]")
LONGEST_NAME = 12  # characters: longer runs of Chinese are sentences, nobody looks for their pinyin
DIGEST_SIGNS = 24
MOST_TERMS = 8


def tokens(text: str) -> list[str]:
    """«RG-2026-0318 王伟3栋» → rg 2026 0318 王 伟 3 栋."""
    return _TOKEN.findall(fold(text).lower())


def words_of(text: str, digests: Iterable[str] = (), *, sentences: str = "") -> str:
    """The indexed words of a record: every token, numbers also without their leading zeros, digests.

    Names in `text` also in pinyin, in full and by initials; `sentences` are indexed as they stand.
    """
    found = tokens(f"{text} {sentences}")
    found += [token.lstrip("0") for token in found if token.isdigit() and token[0] == "0" and token.strip("0")]
    for run in _ONLY_CJK.findall(fold(text)):
        if 2 <= len(run) <= LONGEST_NAME:
            for syllables in pinyin_readings(run):
                found += ["".join(syllables), "".join(s[0] for s in syllables)]
    return " ".join([*found, *(digest_word(d) for d in digests)])


def digest_word(digest: str) -> str:
    """A digest as one word that no text can contain by chance."""
    return "zzh" + digest[:DIGEST_SIGNS]


def project_word(project_id: int | None) -> str:
    """Marks the project of a row, so that the index itself leaves other projects out."""
    return f"zzp{project_id}" if project_id is not None else "zzp0"


def table_word(table: str) -> str:
    """Marks the kind of a row, so that a list finds its own kind only."""
    return "zzt0" + table.replace("_", "")


def part_word(table: str) -> str:
    """Marks a part by the kind of its record, so that a look-up over one kind is not crowded out by others."""
    return "zzf0" + table.replace("_", "")


def owner_words(owners: Iterable[int]) -> str:
    """Marks whose row it is; rows that belong to nobody in particular are free."""
    return " ".join(f"zzo{i}" for i in sorted(set(owners))) or "zzo0"


def is_whole(phrase: tuple[str, ...]) -> bool:
    """Whether its last word is no beginning of a word: a mark (project 1 is not the beginning of project 12), a single Chinese
    character, which is a word of its own."""
    return phrase[0].startswith("zz") or _ONLY_CJK.fullmatch(phrase[-1]) is not None


def terms(question: str) -> list[tuple[str, ...]]:
    """The question as phrases, all of which must be found; words of the index's own marks cannot be asked for.

    People leave the 单元 out and zeros too: 「3栋1102」 is 3栋 and 1102, 「玉兰苑804」 is 玉兰苑 and 804.
    """
    apart = _ROOM.sub(" ", fold(question)).split()[:MOST_TERMS]
    phrases = [tuple(tokens(term)) for term in apart]
    return [
        phrase
        for phrase in phrases
        if phrase and not any(t.startswith("zz") and any(c.isdigit() for c in t) for t in phrase)
    ]


def digests_asked(question: str) -> list[str]:
    """Words that a phone number, its last four digits, or an ID number would have."""
    digits = re.sub(r"[\s\-]", "", fold(question))
    if _IDENTITY.fullmatch(digits):
        return [digest_word(blind(digits.upper()))]
    if not digits.lstrip("+").isascii() or not digits.lstrip("+").isdigit():
        return []
    if len(digits) == 4:
        return [digest_word(blind("tail:" + digits))]
    return [digest_word(blind(digits))] if len(digits) >= 7 else []
