"""Runs alone in a short-lived process: makes, reads and fills Word templates (04 §2.3). It imports nothing of the application.

Called as `word_child.py shipped|check|fill`; stdin: one line of JSON, then the template. Answers one line of JSON, then the file.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
from typing import Any

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 20
SERIF, SANS = "宋体", "黑体"
TEXT_WIDTH = 174  # mm, A4 between its margins
GREY = "F2F2F2"
UNIT_OF_NOTHING = re.compile(r"\s*／\s*(元|㎡|元/㎡|元／㎡|天|份|把|项)?(（／）)?\s*")
_SIZE = {"title": 18, "head": 11.5, "note": 9, "centre": 10.5, "right": 10.5}
_ALIGN = {"title": 1, "centre": 1, "right": 2, "body": 3}  # WD_ALIGN_PARAGRAPH
Answer = tuple[dict[str, Any], bytes]


_ENDS, _TAGS = re.compile(r"</w:p>"), re.compile(r"<[^>]*>")


class Refused(Exception):
    """code and the words that the sentence of the application needs."""

    def __init__(self, code: str, **words: str) -> None:
        super().__init__(code)
        self.words = words


# ── the shipped template, from the blocks of its definition ─
def shipped(order: dict[str, Any], _data: bytes) -> Answer:
    """A .docx with placeholders, which a site may take as the beginning of its own."""
    from docx import Document
    from docx.shared import Mm, Pt

    paper = Document()
    page = paper.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(18)
    normal = paper.styles["Normal"]
    normal.font.size = Pt(10.5)
    normal.paragraph_format.space_after = Pt(0)
    _font(normal, SERIF)
    for block in order["blocks"]:
        _DRAW[block["is"]](paper, block)
    foot = page.footer.paragraphs[0]
    foot.alignment = 1
    _write(foot, "{{ 页脚 }}", size=8)
    out = io.BytesIO()
    paper.save(out)
    return {}, out.getvalue()


def _font(part: Any, name: str) -> None:
    from docx.oxml.ns import qn

    part.font.name = name
    part.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _write(paragraph: Any, text: str, *, size: float = 10.5, bold: bool = False) -> None:
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold or None
    _font(run, SANS if bold else SERIF)


def _text(paper: Any, block: dict[str, Any]) -> None:
    from docx.shared import Pt

    style = block["style"]
    paragraph = paper.add_paragraph()
    paragraph.alignment = _ALIGN.get(style, 0)
    form = paragraph.paragraph_format
    form.space_before = Pt(8 if style == "head" else 3)
    form.space_after = Pt(8 if style == "title" else 3)
    form.line_spacing = 1.3 if style in ("body", "plain") else 1.15
    if style == "body":
        form.first_line_indent = Pt(21)
    _write(paragraph, block["text"], size=_SIZE.get(style, 10.5), bold=style in ("title", "head"))


def _mark(paper: Any, text: str) -> None:
    paper.add_paragraph().add_run(text)


def _shade(cell: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", GREY)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _table(paper: Any, rows: int, widths: list[float], style: str | None = "Table Grid") -> Any:
    from docx.shared import Mm

    table = paper.add_table(rows, len(widths), style)
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
            cell.vertical_alignment = 1
    return table


def _fill_cell(cell: Any, text: str, *, label: bool = False, numeric: bool = False) -> None:
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
    paragraph.alignment = 2 if numeric else 0
    _write(paragraph, text, bold=label)
    if label:
        _shade(cell)


def _grid(paper: Any, block: dict[str, Any]) -> None:
    """Labels and values in turn; a short row gives its last value the rest of the width."""
    table = _table(paper, len(block["rows"]), [28, 59, 28, 59])
    for line, cells in zip(table.rows, block["rows"], strict=True):
        for position, text in enumerate(cells):
            cell = line.cells[position]
            if position == len(cells) - 1 and position < 3:
                cell = cell.merge(line.cells[3])
            _fill_cell(cell, text, label=position % 2 == 0)


def _loop(paper: Any, block: dict[str, Any]) -> None:
    columns = block["columns"]
    whole = sum(column["share"] for column in columns)
    table = _table(paper, 4, [TEXT_WIDTH * column["share"] / whole for column in columns])
    for cell, column in zip(table.rows[0].cells, columns, strict=True):
        _fill_cell(cell, column["name"], label=True, numeric=column["numeric"])
    table.rows[1].cells[0].paragraphs[0].add_run(f"{{%tr for 行 in {block['name']} %}}")
    for cell, column in zip(table.rows[2].cells, columns, strict=True):
        _fill_cell(cell, f"{{{{ 行.{column['name']} }}}}", numeric=column["numeric"])
    table.rows[3].cells[0].paragraphs[0].add_run("{%tr endfor %}")


def _signs(paper: Any, block: dict[str, Any]) -> None:
    """Words to sign behind, with room above the next line; the date beneath."""
    from docx.shared import Pt

    names = block["names"]
    table = _table(paper, 1, [TEXT_WIDTH / len(names)] * len(names), None)
    for cell, name in zip(table.rows[0].cells, names, strict=True):
        for text, before in ((name if "：" in name else f"{name}：", 18), ("日期：　　年　　月　　日", 22)):
            paragraph = cell.paragraphs[0] if before == 18 else cell.add_paragraph()
            paragraph.paragraph_format.space_before = Pt(before)
            _write(paragraph, text)


_DRAW = {
    "text": _text, "grid": _grid, "loop": _loop, "signs": _signs,
    "if": lambda paper, block: _mark(paper, f"{{%p if {block['name']} %}}"),
    "end": lambda paper, _block: _mark(paper, "{%p endif %}"),
    "page": lambda paper, _block: paper.add_page_break(),
}  # fmt: skip


# ── what a template may say ─────────────────────────────────
def check(order: dict[str, Any], data: bytes) -> Answer:
    """Nothing but known placeholders, loops over known lists and conditions; what Word alone can show is named."""
    from docx import Document

    template = _opened(data)
    template.init_docx()
    for tree in _trees(template):
        _judge(tree, set(order["names"]), {k: set(v) for k, v in order["lists"].items()})
    paper = Document(io.BytesIO(data))
    xml = paper.element.body.xml
    only_word = [
        code
        for code, tag in (("picture", "w:drawing"), ("picture", "w:pict"), ("box", "w:txbxContent"))
        if f"<{tag}" in xml
    ]
    text = "\n".join(_TAGS.sub("", _ENDS.sub("\n", source)) for source in _sources(template))
    return {"only_word": sorted(set(only_word)), "text": text}, b""


def _opened(data: bytes) -> Any:
    from docxtpl import DocxTemplate

    try:
        template = DocxTemplate(io.BytesIO(data))
        template.init_docx()
    except Exception as error:  # python-docx raises whatever its parts raise; this process is bounded and ends here
        raise Refused("broken") from error
    return template


def _sources(template: Any) -> list[str]:
    """The XML of body, headers and footers with whole tags, as the filling sees them."""
    sources = [template.patch_xml(template.get_xml())]
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _key, part in template.get_headers_footers(uri):
            sources.append(template.patch_xml(template.get_part_xml(part)))
    return sources


def _trees(template: Any) -> list[Any]:
    from jinja2 import TemplateSyntaxError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(autoescape=True)
    try:
        return [environment.parse(source) for source in _sources(template)]
    except TemplateSyntaxError as error:
        raise Refused("syntax", text=str(error.message)) from error


def _judge(tree: Any, names: set[str], lists: dict[str, set[str]]) -> None:
    """Walk the syntax with what is known where: the variable of a loop knows the columns of its list. Raises Refused."""
    from jinja2 import nodes

    plain = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Not, nodes.And, nodes.Or, nodes.Const, nodes.Compare,
             nodes.Operand)  # fmt: skip

    def walk(node: Any, rows: dict[str, set[str]]) -> None:
        if isinstance(node, nodes.For):
            of = node.iter.name if isinstance(node.iter, nodes.Name) else ""
            if of not in lists or not isinstance(node.target, nodes.Name) or node.test is not None or node.recursive:
                raise Refused("list", text=of or "for")
            inside = {**rows, node.target.name: lists[of]}
            for child in (*node.body, *node.else_):
                walk(child, inside)
        elif isinstance(node, nodes.Name):
            if node.name not in names and node.name not in lists and node.name not in rows:
                raise Refused("unknown", text=node.name)
        elif isinstance(node, nodes.Getattr):
            of = node.node.name if isinstance(node.node, nodes.Name) else ""
            if node.attr not in rows.get(of, set()):
                raise Refused("unknown", text=f"{of}.{node.attr}")
        elif isinstance(node, plain):
            for child in node.iter_child_nodes():
                walk(child, rows)
        else:
            raise Refused("forbidden", text=type(node).__name__)

    walk(tree, {})


def fill(order: dict[str, Any], data: bytes) -> Answer:
    """The template with its values; only syntax that `check` allows is run, values are text and nothing else."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    template = _opened(data)
    for tree in _trees(template):
        _judge(tree, set(order["values"]), {k: set(v) for k, v in order["lists"].items()})
    template.render(order["values"], jinja_env=ImmutableSandboxedEnvironment(autoescape=True), autoescape=True)
    _drop_units_of_nothing(template)
    out = io.BytesIO()
    template.save(out)
    return {}, out.getvalue()


def _drop_units_of_nothing(template: Any) -> None:
    """«／ 元（／）» says «／»: a unit behind an empty place is no information."""
    from docx.oxml.ns import qn

    for text in template.docx.element.body.iter(qn("w:t")):
        if text.text and UNIT_OF_NOTHING.fullmatch(text.text):
            text.text = "／"


OPERATIONS: dict[str, Any] = {"shipped": shipped, "check": check, "fill": fill}


def main() -> None:
    """Bound this process first, then read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    line, _end, data = sys.stdin.buffer.read().partition(b"\n")
    try:
        facts, made = OPERATIONS[sys.argv[1]](json.loads(line), data)
    except Refused as refusal:
        facts, made = {"refused": str(refusal), **refusal.words}, b""
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + made)


if __name__ == "__main__":
    main()
