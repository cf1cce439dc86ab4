"""Translations: compiled when stale, faulty ones told, the framework's Chinese complete."""

from __future__ import annotations

import os
import re
from pathlib import Path
from string import Formatter

import flask_appbuilder
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask_babel import force_locale, gettext

from app.catalogues import compile_catalogues
from app.commands.texts import KEYWORDS, TEMPLATES, texts
from app.commands.translations import stored, untranslated, update
from app.kernel.errors import RuleError
from config import ENGLISH, ROOT

ENTRY = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Hello"\nmsgstr "你好"\n'
# a product name, and the names of things that the site does not offer
STAY = {"OpenID"}
CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


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
    methods = [("**.py", "python"), *TEMPLATES]
    marked = extract_from_dir(folder, methods, keywords={**KEYWORDS, "L": None, "lazy_gettext": None})
    said = {text for _, _, text, _, _ in marked if isinstance(text, str)}
    assert len(said) > 100
    assert sorted(said - known - STAY - {""}) == []


def test_every_text_of_the_source_has_english():
    """Fails on a text without English, a fuzzy one, and one that nobody uses any more: run ./anchang translations."""
    fresh, kept = update(ENGLISH), stored(ENGLISH)
    assert untranslated(fresh) == []
    used = {(message.id, message.context) for message in fresh}
    assert sorted(str(m.id) for m in kept if (m.id, m.context) not in used) == []


def test_english_keeps_the_places_and_has_no_chinese():
    faults = []
    for message in stored(ENGLISH):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        ours = (message.string,) if isinstance(message.string, str) else message.string
        if message.id and any(places(text) != places(ids[0]) or CHINESE.search(text) for text in ours):
            faults.append(ids[0])
    assert faults == []


def places(text: str) -> tuple[set[str], set[str | None], int]:
    """The fields that are filled in, of both kinds, and literal per cent signs where the text is filled by %."""
    named = set(re.findall(r"%\((\w+)\)s", text))
    braced = {name for _, name, _, _ in Formatter().parse(text) if name} if not named else set()
    return named, braced, text.count("%%") if named else 0


def test_a_literal_is_a_text_unless_it_is_matched():
    ids = {message.id for message in texts()}
    assert {"成交总价", "客户「{name}」已分配给你", "请填写原因"} <= ids
    assert not {"业务员", "欧阳", "拾"} & ids
    assert not any("\n\n" in str(one) for one in ids), "a docstring"
