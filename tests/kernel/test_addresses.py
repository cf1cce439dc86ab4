"""next= leads to paths of ours only: 04 §3 E."""

from __future__ import annotations

import pytest

from app.kernel.addresses import id_of, own_path


@pytest.mark.parametrize("address", ["/", "/board?building=3", "/customers/12#trail", "/notices?unread=1&page=2"])
def test_own_paths_pass(address: str) -> None:
    assert own_path(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None, "", "http://evil.example/", "https:evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "/\t/evil.example", "/\n/evil.example", "\x00/evil", "javascript:alert(1)", "data:text/html,x", "evil.example/x", "/a\\b",
        " //evil.example", "//evil.example/%2f..", "/\u2028/evil", "http:/evil.example", "HTTP://EVIL.EXAMPLE",
    ],
)  # fmt: skip
def test_everything_else_goes_home(address: str | None) -> None:
    assert own_path(address) == "/"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("2147483647", 2147483647),
        ("2147483648", 0),
        ("9223372036854775808", 0),
        ("-1", 0),
        ("１", 0),
        ("", 0),
        (None, 0),
    ],
)
def test_an_id_is_one_that_a_column_can_hold(text: str | None, number: int) -> None:
    assert id_of(text) == number
