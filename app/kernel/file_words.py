"""From the text of a file to words of the index and back to the place where they stand. Pure but for the key of the digests.

Numbers of people (mobile, ID, bank card) are masked before anything is kept; they are found by their digests (04 S12).
"""

from __future__ import annotations

import re

from app.kernel.chinese import fold
from app.kernel.columns import blind
from app.kernel.search_text import digest_word, tokens

_PERSONAL = re.compile(
    r"(?<![0-9])(?:"
    r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}"  # mobile
    r"|\d{6}[ ]?\d{8}[ ]?\d{3}[0-9Xx]|\d{15}"  # ID number, new and old
    r"|\d{16,19}|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?"  # bank card
    r")(?![0-9])"
)
AROUND = 30  # characters shown on both sides of a hit


def without_numbers(text: str) -> tuple[str, list[str]]:
    """(the text, folded line by line, with people's numbers as 138****8888; the digests of these numbers)."""
    digests = set[str]()

    def masked(match: re.Match[str]) -> str:
        number = re.sub(r"[ -]", "", match[0]).upper()
        digests.add(blind(number))
        return f"{number[:3]}****{number[-4:]}"

    lines = (fold(line) for line in text.replace("\x00", "").splitlines())
    return _PERSONAL.sub(masked, "\n".join(line for line in lines if line)), sorted(digests)


def index_words(text: str, digests: list[str]) -> str:
    """What the index keeps of a text; names in running text are not looked for by pinyin."""
    return " ".join([*tokens(text), *(digest_word(digest) for digest in digests)])


def excerpt(text: str, phrases: list[tuple[str, ...]]) -> str:
    """The surroundings of the first phrase that stands in the text, one line; empty when none does."""
    for phrase in phrases:
        pattern = r"[\W_]*".join(re.escape(word) for word in phrase)
        hit = re.search(pattern, text, re.IGNORECASE)
        if hit is not None:
            first, last = max(0, hit.start() - AROUND), min(len(text), hit.end() + AROUND)
            cut = fold(text[first:last])
            return f"{'…' if first else ''}{cut}{'…' if last < len(text) else ''}"
    return ""
