"""./anchang translations: collects the texts of the source into the English catalogue and names what is not translated."""

from __future__ import annotations

from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.commands.console import say
from app.kernel.errors import RuleError
from config import ROOT

ENGLISH = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "L": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


def texts() -> Catalog:
    """Every text of the source that is marked for translation, with the files that use it."""
    found = Catalog(charset="utf-8")
    for name, _line, text, comments, context in extract_from_dir(ROOT / "app", METHODS, keywords=KEYWORDS):
        found.add(text, None, [(f"app/{name}", 1)], auto_comments=comments, context=context)
    return found


def stored(path: Path) -> Catalog:
    """The English catalogue as it is; an empty one when there is none yet."""
    if not path.exists():
        return Catalog(locale="en", project="anchang", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def untranslated(catalogue: Catalog) -> list[str]:
    """Texts without English, or with a guess that nobody confirmed."""
    return [str(message.id) for message in catalogue if message.id and (not message.string or message.fuzzy)]


@click.command("translations")
def translations() -> None:
    """更新英文翻译目录，列出尚未翻译的文字。"""
    catalogue = stored(ENGLISH)
    catalogue.update(texts(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    with ENGLISH.open("wb") as file:
        write_po(file, catalogue, sort_output=True, include_lineno=False, omit_header=False, width=0)
    missing = untranslated(catalogue)
    say(f"英文目录共 {len(catalogue)} 条。")
    if missing:
        raise RuleError("还有 {count} 条没有英文：\n{texts}", count=len(missing), texts="\n".join(missing))
