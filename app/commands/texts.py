"""Every text of the product that a person may read: Chinese literals of the code, marked texts of the templates (03 §3.3.8).

A Chinese literal is a msgid wherever it stands — a label, a step, a refusal, a notice. Nobody marks it and nobody can forget it.
An f-string is the msgid «客户「{name}」已分配给你»: each place is named after the last word of its expression.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from app.kernel.words import SEVERAL
from config import ROOT

TEMPLATES = [("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
UNREAD = ("demo", "bench", "commands", "startup.py")  # the invented world; what the console says stays Chinese
# what people type or what stands in their files: matched, never shown
MATCHED = {
    "re",
    "frozenset",
    "maketrans",
    "removesuffix",
    "removeprefix",
    "startswith",
    "endswith",
    "partition",
    "split",
    "replace",
}
MATCHED_ARGUMENTS = {"aliases", "words"}  # other people's headings and answers in their tables
WORD_LISTS = {"surnames.py", "home_names.py", "menu_icons.py"}
PRINTED = {
    "printed.py",
    "word_child.py",
    "kingdee.py",
    "yonyou.py",
}  # words on printed papers and fields of files for Chinese programs, which are Chinese for every reader
CHINESE_ONLY = {  # amounts in capitals, a font, ranges of characters, a word in a file for another program
    "摘要 {text}", "零壹贰叁肆伍陆柒捌玖", "拾", "佰", "仟", "零", "整", "{prefix}零元整", "{DIGITS}角", "{DIGITS}分", "微软雅黑",
    "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af", "=选项!${letter}$1:${letter2}${len}",
}  # fmt: skip
_CHINESE = re.compile("[\u3400-\u9fff]")
_MARKS = re.compile("[\u3001-\u303f\uff00-\uffef]")
_PLACE = re.compile(r"\{\w*|%\(")
Text = tuple[str | tuple[str, ...], str | None, str]  # msgid (with its plural), context, file
NAMED = {"label", "title", "category", "CATEGORY"}  # names of papers and rooms: lists and the menu name several


def texts() -> Catalog:
    """Every text with the files that use it."""
    found = Catalog(charset="utf-8")
    for msgid, context, name in (*_of_code(ROOT / "app"), *_of_templates(ROOT / "app")):
        found.add(msgid, None, [(name, 1)], context=context)
    return found


def _of_templates(folder: Path) -> Iterator[Text]:
    for name, _line, text, _comments, _context in extract_from_dir(folder, TEMPLATES, keywords=KEYWORDS):
        yield text, None, f"app/{name}"


def _of_code(folder: Path) -> Iterator[Text]:
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(folder)
        if name.parts[0] not in UNREAD and name.name not in WORD_LISTS | PRINTED:
            reader = _Literals()
            reader.visit(ast.parse(path.read_text("utf-8")))
            place = f"app/{name.as_posix()}"
            yield from ((text, None, place) for text in reader.found if text not in CHINESE_ONLY)
            yield from ((text, SEVERAL, place) for text in reader.named)


class _Literals(ast.NodeVisitor):
    """Collects Chinese literals; docstrings and what is only matched against are none."""

    def __init__(self) -> None:
        self.found: list[str | tuple[str, ...]] = []
        self.named: list[str] = []

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring is for us
            self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        """`text == "不打折"`: typed by people."""

    def visit_Call(self, node: ast.Call) -> None:
        names = {part.id if isinstance(part, ast.Name) else part.attr for part in _path(node.func)}
        if names & MATCHED:
            return
        if "ngettext" in names:
            self.found.append((_constant(node.args[0]), _constant(node.args[1])))
            return
        for argument in node.args[:2] if "ImportField" in names else node.args:  # its third: synonyms of a heading
            self.visit(argument)
        for keyword in node.keywords:
            if keyword.arg not in MATCHED_ARGUMENTS:
                self.visit(keyword.value)
        if isinstance(node.func, ast.Attribute):
            self.visit(node.func.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        """`OWNER_HEADS = (…)`: synonyms of a heading. `label = L("合同")`: the name of a paper."""
        names, value = {target.id for target in node.targets if isinstance(target, ast.Name)}, node.value
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "L" and names & NAMED:
            self.named.append(_constant(value.args[0]))
        if not any(name.endswith("_HEADS") for name in names):
            self.generic_visit(node)

    def visit_Set(self, node: ast.Set) -> None:
        """A set is looked up in, not read."""

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and _is_text(node.value):
            self.found.append(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        msgid, used = "", set[str]()
        for part in node.values:
            if isinstance(part, ast.Constant):
                msgid += str(part.value)
            elif isinstance(part, ast.FormattedValue):
                self.visit(part.value)
                msgid += "{" + _slot(part.value, used) + "}"
        if _is_text(msgid):
            self.found.append(msgid)


def _is_text(literal: str) -> bool:
    """Chinese letters; or Chinese punctuation between places («{a}，{b}»)."""
    return bool(_CHINESE.search(literal)) or bool(_MARKS.search(literal) and _PLACE.search(literal))


def _path(node: ast.expr) -> Iterator[ast.Name | ast.Attribute]:
    while isinstance(node, ast.Attribute):
        yield node
        node = node.value
    if isinstance(node, ast.Name):
        yield node


def _constant(node: ast.expr) -> str:
    return str(ast.literal_eval(node))


def _slot(node: ast.expr, used: set[str]) -> str:
    """A name for a place of an f-string: the last word of the expression, numbered when it comes again."""
    while not isinstance(node, ast.Name | ast.Attribute):
        children = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        if not children:
            break
        node = children[0]
    word = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else "x"
    word = word.strip("_") or "x"
    name, number = word, 2
    while name in used:
        name, number = f"{word}{number}", number + 1
    used.add(name)
    return name
