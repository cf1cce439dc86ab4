"""What no paper of a sale may promise: 返本销售, 售后包租 (商品房销售管理办法 §11, §12; 02 §2.5.10). Pure."""

from __future__ import annotations

import re

from app.kernel.errors import RuleError

_PROMISE = re.compile("返本销售|变相返本|售后包租|售后返租|包租|固定回报|保证收益")
_DENIAL = re.compile("不|禁止|未|无|非")  # «出卖人不得采取返本销售» is what the law itself says
_CLAUSES = re.compile(r"[。；;！!？?\n]")


def unlawful_promise(text: str) -> str | None:
    """The first such word that its clause does not deny; None when all is well."""
    for clause in _CLAUSES.split(text):
        found = _PROMISE.search(clause)
        if found is not None and not _DENIAL.search(clause, 0, found.start()):
            return found.group()
    return None


def require_lawful(text: str, field: str) -> None:
    """Raises RuleError beside the field that names the word."""
    word = unlawful_promise(text)
    if word is not None:
        raise RuleError("写了「{word}」：商品房不得返本销售、售后包租或承诺回报，请删去", field=field, word=word)
