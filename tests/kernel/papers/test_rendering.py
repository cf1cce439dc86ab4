"""Templates and values are data: nothing in them runs, what they may not say is named (issue 5 point 10, 04 §2.3)."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from app.features.archive.promises import unlawful_promise
from app.kernel.errors import RuleError
from app.kernel.papers import rendering, word_child
from app.kernel.papers.definition import read_definition
from app.kernel.papers.kinds import PRINTED, PrintedKind
from tests.kernel.papers.words import pdf_text, template, word_text

SHEET = """房源 = 3栋1单元1102
金额 = 316,834.00
附注 =
付款计划 [款项, 金额]
  定金 | 20,000.00
  首期 | 316,834.00
---
# 通知
| 房源 | {{ 房源 }} | 金额 | {{ 金额 }} |
* 付款计划: 款项 2, 金额 1 >
? 附注
~ {{ 附注 }}
?.
_ 甲方（盖章） | 乙方（签字）
"""


@pytest.fixture
def kind(tmp_path: Path) -> PrintedKind:
    path = tmp_path / "test.txt"
    path.write_text(SHEET, "utf-8")
    return PrintedKind("test", "通知", object, lambda desk, record: {}, path)


def values(kind: PrintedKind, **more: Any) -> Any:
    return {**kind.definition.samples, "代录": "", **more}


def test_a_definition_tells_placeholders_lists_and_blocks(kind: PrintedKind) -> None:
    own = read_definition(kind.sheet)
    assert [one.name for one in own.placeholders] == ["房源", "金额", "附注", "付款计划"]
    assert own.placeholders[3].columns == ("款项", "金额") and own.placeholders[3].rows[1] == {
        "款项": "首期",
        "金额": "316,834.00",
    }
    assert [block["is"] for block in own.blocks] == ["text", "grid", "loop", "if", "text", "end", "signs"]
    assert "编号" in kind.definition.samples, "every paper has its number"


def test_a_faulty_definition_names_its_file(tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_text("表 [一, 二]\n  只有一格\n---\n# x\n", "utf-8")
    with pytest.raises(ValueError, match=r"bad\.txt"):
        read_definition(path)


def test_the_shipped_template_is_filled_and_drawn(kind: PrintedKind) -> None:
    made = rendering.filled_word(kind, rendering.shipped_template(kind), values(kind))
    assert "3栋1单元1102" in word_text(made) and "首期" in word_text(made) and "{{" not in word_text(made)
    drawn = pdf_text(rendering.pdf_of(made, "通知", "RG-1　第 1 次打印"))
    for text in ("通知", "3栋1单元1102", "316,834.00", "首期", "甲方（盖章）", "RG-1", "第 1 次打印", "第 1 / 1 页"):
        assert text.replace(" ", "") in drawn.replace(" ", ""), text


def test_a_condition_leaves_its_block_out(kind: PrintedKind) -> None:
    without = rendering.filled_word(kind, rendering.shipped_template(kind), values(kind))
    beside = rendering.filled_word(kind, rendering.shipped_template(kind), values(kind, 附注="另付装修款"))
    assert "另付装修款" in word_text(beside) and len(word_text(without)) < len(word_text(beside))


def test_each_line_of_a_long_text_is_a_paragraph(kind: PrintedKind) -> None:
    made = rendering.filled_word(kind, rendering.shipped_template(kind), values(kind, 附注="一、问候。\n二、递伞。"))
    assert {"一、问候。", "二、递伞。"} <= set(word_text(made).split("\n"))
    paper = Document(io.BytesIO(made))
    first, second = (p for p in paper.paragraphs if p.text in ("一、问候。", "二、递伞。"))
    assert first.paragraph_format.space_before == second.paragraph_format.space_before


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ 7*7 }}", "{% for x in range(9) %}{% endfor %}", "<b>&lt;x&gt; & \"</b>", "#set page(width: 1pt)", "$ x^2 $", "#sys.inputs",
        "\\u{1F600} *粗* _斜_ `码`", "]]>", "=1+1", "${jndi:x}", "a\x00b\x0bc\ufffe", "../../etc/passwd", "#read(\"/etc/passwd\")",
    ],
)  # fmt: skip
def test_values_are_text_and_nothing_else(kind: PrintedKind, hostile: str) -> None:
    made = rendering.filled_word(kind, rendering.shipped_template(kind), values(kind, 附注=hostile))
    told = hostile.replace("\x00", "").replace("\x0b", "").replace("\ufffe", "")
    assert told in word_text(made)
    drawn = pdf_text(rendering.pdf_of(made, hostile, hostile))
    assert told.replace(" ", "") in drawn.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{{ 单价 }}", "单价"), ("{{ 房源.__class__ }}", "房源.__class__"), ("{{ ''.__class__.__mro__ }}", "__mro__"),
        ("{{ 房源|upper }}", "Filter"), ("{{ cycler() }}", "Call"), ("{{ 付款计划[0] }}", "Getitem"), ("{% set x = 1 %}", "Assign"),
        ("{% for 行 in 别的 %}{% endfor %}", "别的"), ("{% for 行 in 付款计划 %}{{ 行.单价 }}{% endfor %}", "行.单价"),
        ("{% include 'x' %}", "Include"), ("{% for 行 in range(10**9) %}{% endfor %}", "for"), ("{{ 房源 ", "大括号"), ("{% if 房源 %}", "大括号"),
        ("{{ 房源 ~ 金额 }}", "Concat"), ("{{ config }}", "config"), ("{{ self }}", "self"), ("{{ loop.index }}", "loop.index"),
    ],
)  # fmt: skip
def test_what_a_template_may_not_say_is_named(kind: PrintedKind, text: str, named: str) -> None:
    with pytest.raises(RuleError) as refused:
        rendering.check_template(kind, template(text))
    assert named in str(refused.value) and refused.value.field == "file"
    with pytest.raises(RuleError):
        rendering.filled_word(kind, template(text), values(kind))


def test_what_a_template_may_say(kind: PrintedKind) -> None:
    good = template(
        "编号 {{ 编号 }}，{% if 附注 and not 代录 %}{{ 附注 }}{% else %}无{% endif %}",
        rows=[("{%tr for 行 in 付款计划 %}", ""), ("{{ 行.款项 }}", "{{ 行.金额 }}"), ("{%tr endfor %}", "")],
    )
    assert rendering.check_template(kind, good) == []
    filled = word_text(rendering.filled_word(kind, good, values(kind)))
    assert "，无" in filled and "定金\n20,000.00" in filled


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a zip", b"%PDF-1.4"])
def test_what_is_no_word_file_is_told(kind: PrintedKind, data: bytes) -> None:
    with pytest.raises(RuleError, match="docx"):
        rendering.check_template(kind, data)


def test_a_word_file_of_other_parts_is_told(kind: PrintedKind, tmp_path: Path) -> None:
    path = tmp_path / "x.docx"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("word/document.xml", "<x/>")
    with pytest.raises(RuleError, match="docx"):
        rendering.check_template(kind, path.read_bytes())


def test_a_site_may_shape_its_own(kind: PrintedKind) -> None:
    """Merged cells, several pages, letters outside the usual plane: the PDF has what Word has."""
    import io

    from docx import Document

    paper = Document()
    paper.add_heading("本案场通知", 1)
    table = paper.add_table(2, 3, "Table Grid")
    table.cell(0, 0).merge(table.cell(0, 1)).text = "{{ 房源 }}"
    table.cell(0, 2).merge(table.cell(1, 2)).text = "竖着合并"
    paper.add_page_break()
    paper.add_paragraph("第二页 {{ 金额 }} 囍㛃䶮喆堃㙓")
    out = io.BytesIO()
    paper.save(out)
    assert rendering.check_template(kind, out.getvalue()) == []
    drawn = pdf_text(rendering.pdf_of(rendering.filled_word(kind, out.getvalue(), values(kind)), "x", "y"))
    for text in ("本案场通知", "3栋1单元1102", "竖着合并", "316,834.00", "囍㛃䶮喆堃㙓", "2/2"):
        assert text in drawn.replace(" ", ""), text


def test_every_shipped_template_says_only_what_its_kind_knows(app: Any) -> None:
    """The operations of the child, called here: thirty processes would cost a minute."""
    assert len(PRINTED) >= 30
    for kind in PRINTED.values():
        samples = kind.definition.samples
        _facts, shipped = word_child.shipped({"blocks": kind.definition.blocks}, b"")
        facts, nothing = word_child.check({"names": list(samples), "lists": kind.lists}, shipped)
        assert (facts["only_word"], nothing) == ([], b""), kind.key
        assert unlawful_promise(facts["text"]) is None, kind.key
        _facts, made = word_child.fill({"values": samples, "lists": kind.lists}, shipped)
        assert "{{" not in word_text(made) and "{%" not in word_text(made), kind.key
