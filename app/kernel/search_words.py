"""What the index knows of a record: the columns that its list searches, the words of its hit, its digests, its marks.

A view's `search` names columns or one step of a relationship («unit.full_name»). When such a column of the related record
changes, the records that show it are written anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import String, inspect, select
from sqlalchemy.orm import Session

from app.kernel.base import FieldFacts
from app.kernel.columns import ChoiceType, Encrypted
from app.kernel.registries import SEARCH
from app.kernel.scope import ByOwner
from app.kernel.search_text import owner_words, project_word, table_word, words_of

SENTENCE = 100  # a column that holds more characters holds sentences: nobody looks for their pinyin
_paths: dict[type[Any], tuple[str, ...]] = {}
_readings: dict[type[Any], list[tuple[str, str, bool]]] = {}
_tellers: dict[type[Any], tuple[str, ...]] = {}
MARKS = frozenset({"project_id", "owner_id", "partner_id"})
_heard: dict[type[Any], set[tuple[type[Any], str, str]]] = {}  # related model → (model, foreign key, column heard of)


def index_columns(model: type[Any], names: tuple[str, ...]) -> None:
    """Index what a view declares to be searched, and what names the record. Raises TypeError for a column that must not be asked."""
    title = getattr(model, "__title__", "")
    own = title in inspect(model).columns and not _refusal(model, title)
    paths = tuple(dict.fromkeys((*names, title) if own else names))
    for path in paths:
        head, _dot, column = path.rpartition(".")
        target = inspect(model).relationships[head].mapper.class_ if head else model
        refusal = _refusal(target, column)
        if refusal:
            raise TypeError(f"{model.__name__}: {path} {refusal}")
        if head:
            (key,) = inspect(model).relationships[head].local_columns
            _heard.setdefault(target, set()).add((model, inspect(model).get_property_by_column(key).key, column))
    if paths:
        _paths[model] = tuple(dict.fromkeys((*_paths.get(model, ()), *paths)))
        _readings.pop(model, None)


def _refusal(model: type[Any], name: str) -> str:
    column = inspect(model).columns.get(name)
    if column is None or not isinstance(column.type, String) or isinstance(column.type, ChoiceType | Encrypted):
        return "is no text column"
    facts = column.info.get("field", FieldFacts(""))
    if facts.readers is not None:
        return "is not read by everybody who sees the row"
    return "is personal data" if facts.personal not in ("", "name") else ""


def is_searched(model: type[Any]) -> bool:
    """Whether records of this kind have words in the index."""
    return model in SEARCH or model in _paths


def searched_models() -> list[type[Any]]:
    """Every model whose records have words in the index."""
    return list({**_paths, **SEARCH})


def words_for(record: Any) -> str:
    """All words of one record. Its relationships are read, so to be called as SYSTEM."""
    return own_words(type(record), record)


def own_words(model: type[Any], record: Any) -> str:
    """As words_for, of anything with the attributes of such a record."""
    names: list[str] = []
    sentences: list[str] = []
    for head, column, is_sentence in _readings_of(model):
        holder = getattr(record, head) if head else record
        value = getattr(holder, column) if holder is not None else None
        if value:
            (sentences if is_sentence else names).append(str(value))
    entry = SEARCH.get(model)
    if entry is not None:
        names.append(entry.text(record))
    digests = entry.digests(record) if entry is not None else []
    return f"{_marks(model, record)} {words_of(_apart(names), digests, sentences=_apart(sentences))}"


def _readings_of(model: type[Any]) -> list[tuple[str, str, bool]]:
    """(relationship, column, whether it holds sentences) of what is indexed."""
    if model not in _readings:
        _readings[model] = []
        for path in _paths.get(model, ()):
            head, _dot, column = path.rpartition(".")
            target = inspect(model).relationships[head].mapper.class_ if head else model
            length = inspect(target).columns[column].type.length
            _readings[model].append((head, column, not length or length > SENTENCE))
    return _readings[model]


def _marks(model: type[Any], record: Any) -> str:
    owners = [record.owner_id, record.partner_id] if issubclass(model, ByOwner) else []
    marks = owner_words(i for i in owners if i is not None)
    return f"{table_word(model.__tablename__)} {project_word(getattr(record, 'project_id', None))} {marks}"


def _apart(texts: list[str]) -> str:
    """One text without those that stand in another one."""
    return " ".join(t for t in dict.fromkeys(texts) if not any(t != other and t in other for other in texts))


def words_may_change(record: Any) -> bool:
    """Whether the last flush wrote a column that words come from: a text, a closed list, a reference, a mark; asked after a flush.

    Of the state, of numbers, days and switches nothing is indexed: most steps change nothing else. `text` of a SearchEntry
    keeps to that."""
    state = inspect(record)
    return any(state.attrs[name].history.has_changes() for name in _telling(type(record)))


def _telling(model: type[Any]) -> tuple[str, ...]:
    if model not in _tellers:
        columns = inspect(model).column_attrs
        _tellers[model] = tuple(a.key for a in columns if a.key in MARKS or _tells(a.columns[0]))
    return _tellers[model]


def _tells(column: Any) -> bool:
    text = isinstance(column.type, String | ChoiceType | Encrypted) and "state" not in column.info
    return text or bool(column.foreign_keys)


def heard_changes(record: Any) -> Iterator[tuple[type[Any], str]]:
    """(model, foreign key) of the records that show a column of this one which has just changed; asked after a flush."""
    for model, key, column in _heard.get(type(record), ()):
        if inspect(record).attrs[column].history.has_changes():
            yield model, key


def showing(session: Session, model: type[Any], key: str, value: int) -> list[Any]:
    """The records that show it, as SYSTEM."""
    return list(session.scalars(select(model).where(getattr(model, key) == value)))
