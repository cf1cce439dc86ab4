"""The product's words in the reader's language: every Chinese literal is a msgid, its English stands in the catalogue (03 §3.3.8).

What is kept stays Chinese: labels, refusals, notices and notes of the system are written once, in the language of the record. They are
translated when somebody reads them. A kept sentence («客户「王伟」已分配给你») is found again by the msgid it was made
from («客户「{name}」已分配给你»), its places are translated by the same rules, and what nobody wrote in the product stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import lru_cache
from string import Formatter
from typing import Any

from babel.messages.mofile import read_mo
from flask import has_request_context
from flask_babel import force_locale, get_locale
from flask_babel.speaklater import LazyString

from app.kernel.errors import RuleError
from config import ENGLISH

CACHED = 8192
SEVERAL = "several"  # context of plural names in the catalogue
_RUN = re.compile("[\u3400-\u9fff]+")
_OURS = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")  # letters and punctuation
_WORD = re.compile("(?<![0-9A-Za-z])[\u3400-\u9fff]+(?![0-9A-Za-z])")  # «3栋1单元1102» is a name, not three words
_SENTENCE = re.compile("[，。！？]")
_PLACE = re.compile(r"%\(\w+\)|%%")
_FIGURES = r"[-+−\d.,:%/ ]*"
LONGEST = 600  # characters of a sentence of ours; longer texts were written by people
_BETWEEN = {"、": ", ", "；": "; ", "\n": "\n", "　": "  "}


def reads_english() -> bool:
    """Whether the person of this request chose English."""
    locale = get_locale() if has_request_context() else None
    return locale is not None and locale.language == "en"


def shown(text: Any) -> Any:
    """A text of the product in the reader's language; anything else comes back as it is.

    Never for what stands in an input: that is sent back and kept.
    """
    if type(text) is not str or text.isascii() or not reads_english():
        return text
    return english(text)


def in_chinese() -> AbstractContextManager[None]:
    """For words that are kept: `with in_chinese(): log_export(…, report=_("服务排名"))` says the same whoever acts."""
    return force_locale("zh")


def several(label: Any) -> str:
    """The name of a kind of paper over a list of them: English says «Contracts» there and «Contract» over one."""
    if not reads_english():
        return str(label)
    with in_chinese():
        kept = str(label)
    return _plurals().get(kept) or english(kept)


def several_later(label: Any) -> LazyString:
    """The same, worked out when it is read."""
    return LazyString(several, label)


def understood(text: str, words: Iterable[str]) -> str:
    """What an English reader typed, with these words of the product in Chinese again: the other way round of `shown`."""
    if reads_english():
        for word in sorted(words, key=lambda one: -len(english(one))):
            text = re.sub(rf"\b{re.escape(english(word))}\b", word, text, flags=re.IGNORECASE)
    return text


def refusal(error: RuleError) -> str:
    """The sentence of a refusal in the reader's language."""
    ours = _words().get(error.template) if reads_english() else None
    if ours is None or not error.values:
        return str(shown(str(error)))
    return ours.format(**{name: shown(value) for name, value in error.values.items()})


@lru_cache(maxsize=CACHED)
def english(text: str) -> str:
    """English of a word, of a sentence made from a known one, or of a list of words; what is unknown stays."""
    if not _OURS.search(text) or len(text) > LONGEST:
        return text
    known = _words().get(text) or _words().get(text.strip())
    if known is not None:
        return known
    word_by_word = _WORD.sub(lambda run: _words().get(run[0], run[0]), text)
    made = _made_from(text)
    if made is not None and (not _RUN.search(made) or _RUN.search(word_by_word)):
        return made  # «采购申请 12» is no «{label}申请 {number}»: its words are known
    for mark, ours in _BETWEEN.items():
        if mark in text:
            return ours.join(english(part.strip()) for part in text.split(mark))
    # somebody's sentence is not half translated because a word of ours stands in it
    return text if _SENTENCE.search(text) and _RUN.search(word_by_word) else word_by_word


def _made_from(text: str) -> str | None:
    """The English of the sentence with places that fits best: the one with the most fixed letters."""
    for fixed, pattern, template in _sentences():
        found = pattern.fullmatch(text) if fixed in text else None
        if found is None:
            continue
        before = found.groupdict()
        places = {name: english(value) for name, value in before.items()}
        if fixed.strip() == "，" and any(map(_RUN.search, places.values())):
            continue  # a comma alone makes no sentence of ours
        if _RUN.search(fixed) or places != before or not _RUN.search(text):  # marks between words of others stay
            return _filled(template, places)
    return None


def _filled(template: str, values: dict[str, str]) -> str:
    """The places of a template; their formats were already applied when the sentence was made."""
    return "".join(
        letters + (values.get(name, "") if name else "")
        for letters, name, _spec, _conversion in Formatter().parse(template)
    )


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    """msgid → English."""
    return _catalogue("")


@lru_cache(maxsize=1)
def _plurals() -> dict[str, str]:
    """Name of a kind of paper → English for several of them."""
    return _catalogue(SEVERAL)


def _catalogue(context: str) -> dict[str, str]:
    """The English catalogue, compiled at start (app/catalogues.py)."""
    with ENGLISH.with_suffix(".mo").open("rb") as file:
        found = [m for m in read_mo(file) if _text(m.context) == context]
    return {m.id: m.string for m in found if isinstance(m.id, str) and isinstance(m.string, str) and m.id and m.string}


def _text(context: str | bytes | None) -> str:
    """Babel 2.18 hands the context out as it stands in the file."""
    return context.decode() if isinstance(context, bytes) else context or ""


@lru_cache(maxsize=1)
def _sentences() -> list[tuple[str, re.Pattern[str], str]]:
    """(longest fixed part, pattern, English) of every sentence with places, the most definite first."""
    found = []
    for msgid, ours in _words().items():
        if "{" in msgid and not _PLACE.search(msgid):
            parts = [(letters, name) for letters, name, _spec, _conversion in Formatter().parse(msgid)]
            weight = sum(len(_RUN.sub(lambda run: run[0] * 3, letters)) for letters, _name in parts)
            fixed = max((letters for letters, _name in parts), key=len)
            found.append((weight, fixed, _pattern(parts), ours))
    found.sort(key=lambda one: -one[0])
    return [(fixed, pattern, ours) for _weight, fixed, pattern, ours in found]


def _pattern(parts: list[tuple[str, str | None]]) -> re.Pattern[str]:
    """Matches whatever the sentence can have become; a single letter («{floor}层») only stands between figures."""
    fixed = "".join("".join(letters for letters, _name in parts).split())
    figures = len(fixed) == 1 and _RUN.fullmatch(fixed) is not None
    pattern, used = "", set[str]()
    for letters, name in parts:
        pattern += re.escape(letters)
        if name in used:
            pattern += f"(?P={name})"
        elif name:
            used.add(name)
            pattern += f"(?P<{name}>{_FIGURES if figures else '.*?'})"
    return re.compile(pattern, re.DOTALL)
