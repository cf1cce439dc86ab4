"""./anchang translations: collects the texts of the source into the English catalogue and names what is not translated."""

from __future__ import annotations

from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from app.commands.console import say
from app.commands.texts import texts
from app.kernel.errors import RuleError
from config import ENGLISH


def stored(path: Path) -> Catalog:
    """The English catalogue as it is; an empty one when there is none yet."""
    if not path.exists():
        return Catalog(locale="en", project="anchang", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def untranslated(catalogue: Catalog) -> list[str]:
    """Texts without English, or with a guess that nobody confirmed."""
    return [str(m.id) for m in catalogue if m.id and (not m.string or m.fuzzy or not all(_forms(m.string)))]


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def update(path: Path) -> Catalog:
    """Brings the catalogue up to the source: new texts without English, none that nobody uses any more."""
    catalogue = stored(path)
    catalogue.update(texts(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    return catalogue


@click.command("translations")
def translations() -> None:
    """更新英文翻译目录，列出尚未翻译的文字。"""
    catalogue = update(ENGLISH)
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    with ENGLISH.open("wb") as file:
        write_po(file, catalogue, sort_output=True, no_location=True, omit_header=False, width=0)
    missing = untranslated(catalogue)
    say(f"英文目录共 {len(catalogue)} 条。")
    if missing:
        raise RuleError("还有 {count} 条没有英文：\n{texts}", count=len(missing), texts="\n".join(missing))
