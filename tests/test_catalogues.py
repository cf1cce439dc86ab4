"""Translations: compiled when stale, faulty ones told, the framework's Chinese complete."""

from __future__ import annotations

import os
from pathlib import Path

import flask_appbuilder
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask_babel import force_locale, gettext

from app.catalogues import compile_catalogues
from app.commands.translations import KEYWORDS, METHODS
from app.kernel.errors import RuleError
from config import ROOT

ENTRY = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Hello"\nmsgstr "你好"\n'
# a product name, and the names of things that the site does not offer
STAY = {"OpenID"}


def test_a_catalogue_is_compiled_when_it_is_newer(tmp_path):
    source = tmp_path / "zh" / "messages.po"
    source.parent.mkdir()
    source.write_text(ENTRY, "utf-8")
    made = source.with_suffix(".mo")
    assert compile_catalogues(tmp_path) == [made]
    assert "你好".encode() in made.read_bytes()
    assert compile_catalogues(tmp_path) == []
    os.utime(source, (made.stat().st_mtime + 5, made.stat().st_mtime + 5))
    assert compile_catalogues(tmp_path) == [made]
    assert [path.name for path in source.parent.iterdir() if path.name.startswith(".")] == []


def test_a_faulty_catalogue_is_told(tmp_path):
    (tmp_path / "messages.po").write_text('msgid "a"\nnonsense\n', "utf-8")
    with pytest.raises(RuleError, match="无法编译"):
        compile_catalogues(tmp_path)


def test_our_chinese_completes_the_frameworks(app):
    with app.test_request_context(), force_locale("zh"):
        assert gettext("Are you sure you want to delete this item?") == "确定要删除这条记录吗？"
        assert gettext("Groups") == "用户组"


def test_no_text_of_the_framework_stays_english():
    folder = Path(flask_appbuilder.__file__).parent
    with (folder / "translations/zh/LC_MESSAGES/messages.po").open("rb") as file:
        known = {message.id for message in read_po(file) if message.string and not message.fuzzy}
    with (ROOT / "translations/zh/LC_MESSAGES/messages.po").open("rb") as file:
        known |= {message.id for message in read_po(file) if message.string}
    texts = {text for _, _, text, _, _ in extract_from_dir(folder, METHODS, keywords=KEYWORDS) if isinstance(text, str)}
    assert len(texts) > 100
    assert sorted(texts - known - STAY - {""}) == []
