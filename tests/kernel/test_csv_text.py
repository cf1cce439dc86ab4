"""A CSV cell never starts a formula, and comes back as it was (04 S10)."""

import csv
import io

import pytest

from app.kernel.csv_text import DANGEROUS_STARTS, quoted_for_csv, read_csv, unquoted_from_csv


@pytest.mark.parametrize("start", DANGEROUS_STARTS)
@pytest.mark.parametrize("rest", ["", "HYPERLINK(1)", "'x", "1"])
def test_dangerous_starts_are_quoted_and_restored(start: str, rest: str) -> None:
    text = start + rest
    assert quoted_for_csv(text) == "'" + text
    assert unquoted_from_csv(quoted_for_csv(text)) == text


@pytest.mark.parametrize("text", ["王伟", "3栋-1102", "a=b", ""])
def test_harmless_text_is_left_alone(text: str) -> None:
    assert quoted_for_csv(text) == text
    assert unquoted_from_csv(text) == text


def test_export_and_import_restore_every_cell() -> None:
    texts = [f"{start}1" for start in DANGEROUS_STARTS if start != "\x00"] + [
        "110101194912310021",
        "00123",
        '引"号,逗\n号',
    ]
    target = io.StringIO(newline="")
    csv.writer(target).writerow([quoted_for_csv(text) for text in texts])
    assert read_csv(target.getvalue().encode("utf-8-sig")) == [texts]
