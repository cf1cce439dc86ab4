"""返本销售 and 售后包租 stand in no paper of a sale, unless the clause forbids them (02 §2.5.10)."""

from __future__ import annotations

import pytest

from app.features.archive.promises import require_lawful, unlawful_promise
from app.kernel.errors import RuleError


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", None),
        ("本房源由甲方售后包租十年。", "售后包租"),
        ("出卖人不得采取返本销售或者变相返本销售的方式销售商品房。", None),
        ("出卖人不得延期。甲方承诺固定回报 6 %。", "固定回报"),
        ("交付后由运营公司包租", "包租"),
        ("往返本市接送", None),
    ],
)
def test_the_word_and_its_denial(text: str, word: str | None) -> None:
    assert unlawful_promise(text) == word
    if word is None:
        require_lawful(text, "supplement")
    else:
        with pytest.raises(RuleError, match=word):
            require_lawful(text, "supplement")
