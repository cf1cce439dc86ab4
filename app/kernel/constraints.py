"""What the database refuses, as a Chinese sentence: constraints carry their text (03 §3.4)."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from app.kernel.base import metadata
from app.kernel.errors import RuleError

_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (?:index '(?P<index>\w+)'|(?P<columns>.+))$")
_SQLITE_CHECK = re.compile(r"CHECK constraint failed: (?P<name>\w+)")
SENTENCES: dict[str, str] = {}


def sentence(name: str, text: str) -> None:
    """Give a constraint or index the sentence that people read when it refuses."""
    SENTENCES[name] = text


def _unique_name(columns: str) -> tuple[str | None, list[str]]:
    parts = [c.strip().rsplit(".", 1) for c in columns.split(",")]
    table = metadata.tables.get(parts[0][0])
    names = [p[-1] for p in parts]
    if table is None:
        return None, names
    for rule in (*table.constraints, *table.indexes):
        if (
            isinstance(rule, UniqueConstraint | Index)
            and [c.name for c in rule.columns] == names
            and (isinstance(rule, UniqueConstraint) or rule.unique)
        ):
            return str(rule.name), names
    return None, names


def violated(error: IntegrityError) -> tuple[str | None, list[str]]:
    """Name of the violated rule and its columns, on both databases."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        name = diagnosis.constraint_name
        table = metadata.tables.get(diagnosis.table_name or "")
        rules: list[Any] = [] if table is None else [*table.constraints, *table.indexes]
        rules = [r for r in rules if r.name == name]
        return name, [c.name for c in rules[0].columns] if rules and hasattr(rules[0], "columns") else []
    text = str(error.orig)
    if match := _SQLITE_UNIQUE.search(text):
        return (match["index"], []) if match["index"] else _unique_name(match["columns"])
    if match := _SQLITE_CHECK.search(text):
        return match["name"], []
    return ("foreign_key" if "FOREIGN KEY" in text else None), []


def explain(error: IntegrityError) -> RuleError:
    """The refusal in plain words."""
    name, columns = violated(error)
    if name in SENTENCES:
        return RuleError(SENTENCES[name])
    if name and (name == "foreign_key" or name.startswith("fk_")):
        return RuleError("还有别的记录用到它，不能这样改动；请先处理相关记录")
    labels = _labels(columns)
    if labels:
        return RuleError("已有相同的记录（{what}相同），请核对后再试", what="、".join(labels))
    return RuleError("数据之间对不上，没有保存；请核对填写的内容后再试")


def _labels(columns: list[str]) -> list[str]:
    found: list[str] = []
    for column in columns:
        for table in metadata.tables.values():
            facts = table.columns[column].info.get("field") if column in table.columns else None
            if facts is not None:
                found.append(facts.label)
                break
    return [label for label in found if label != "项目"] or found
