"""From the text of a file to the words of the index: people's numbers never in the clear, hits shown in their surroundings."""

from __future__ import annotations

import pytest

from app.kernel.columns import blind
from app.kernel.file_words import excerpt, index_words, without_numbers
from app.kernel.search_text import digests_asked, terms


@pytest.mark.parametrize(
    ("text", "kept", "numbers"),
    [
        ("买受人王伟，电话13800138000。", "买受人王伟,电话138****8000。", ["13800138000"]),
        ("电话 138-0013-8000", "电话 138****8000", ["13800138000"]),
        ("身份证11010519491231002X", "身份证110****002X", ["11010519491231002X"]),
        ("身份证 110105 19491231 002x", "身份证 110****002X", ["11010519491231002X"]),
        ("卡号 6222 0000 1111 2222", "卡号 622****2222", ["6222000011112222"]),
        ("１３８００１３８０００", "138****8000", ["13800138000"]),
        ("签于 2026-03-18，总价 1,116,834.00 元", "签于 2026-03-18,总价 1,116,834.00 元", []),
        ("合同编号 2026031800", "合同编号 2026031800", []),
        ("第一行\r\n\r\n第二行\x00", "第一行\n第二行", []),
    ],
)
def test_numbers_of_people_are_masked_and_kept_as_digests(app, text: str, kept: str, numbers: list[str]) -> None:
    assert without_numbers(text) == (kept, sorted(blind(number) for number in numbers))


@pytest.mark.parametrize("asked", ["13800138000", "138 0013 8000", "11010519491231002x", "6222000011112222"])
def test_a_number_asked_in_full_finds_its_text(app, asked: str) -> None:
    text, digests = without_numbers("王伟 13800138000 11010519491231002X 6222000011112222")
    assert set(digests_asked(asked)) <= set(index_words(text, digests).split())


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("首付款", "…" + "甲" * 30 + "首付款 30%,余款按揭"),
        ("余款 首付款", "…" + "甲" * 24 + "首付款 30%,余款按揭"),
        ("首付款30", "…" + "甲" * 30 + "首付款 30%,余款按揭"),
        ("贷款", ""),
    ],
)
def test_a_hit_is_shown_in_its_surroundings(question: str, found: str) -> None:
    text = "甲" * 50 + "首付款 30%,余款按揭"
    assert excerpt(text, terms(question)).startswith(found[:20]) and excerpt(text, terms(question)).endswith(found[-9:])
