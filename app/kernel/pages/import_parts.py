"""From the plan of an import to what its pages draw: columns to choose, faults, sums, the first rows, what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _

from app.kernel.cells import as_text, is_blank
from app.kernel.errors import RuleError
from app.kernel.imports.declared import ImportColumn
from app.kernel.imports.heads import SheetHeads
from app.kernel.imports.left_aside import hidden_words
from app.kernel.imports.matching import said
from app.kernel.imports.plan import Fate, Line, Plan
from app.kernel.screens.display import MASKS, moment, plain
from app.kernel.screens.form_page import FormField
from app.kernel.screens.page import Card, Cell, Column, Option, Row, SumCheck, Table
from app.kernel.screens.page import ImportColumn as HeadOfFile
from app.kernel.screens.page import ImportFault as FaultOnPage
from app.kernel.spreadsheets import Sheet

SHOWN_FAULTS, SHOWN_ROWS, SHOWN_COLUMNS, SAMPLES = 200, 20, 8, 3
FATES = {Fate.NEW: "新增", Fate.SAME: "已存在且一致", Fate.CHANGED: "更新", Fate.KEPT: "保持原值"}


def source_field(known: Sequence[str]) -> FormField:
    """Whose table it is: its heads are remembered under this name."""
    return FormField(
        "source", _("谁给的表"), value=request.form.get("source", ""), attrs=(("list", "source-words"),),
        options=tuple(Option(s, s) for s in known), placeholder=_("如：甲方营销部"),
        hint=_("选填。同一来源的表头只需对应一次，下次自动认出。"),
    )  # fmt: skip


def select_name(sheet: int, column: int) -> str:
    """The name of a column's select in the form."""
    return f"s{sheet}c{column}"


def picked_of(heads: Sequence[SheetHeads], form: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What the form chose: sheet → column index as text → field key."""
    return {
        one.sheet: {str(h.index): form.get(select_name(number, h.index), "") for h in one.heads}
        for number, one in enumerate(heads)
    }


def heads_of_file(
    heads: Sequence[SheetHeads], sheets: Sequence[Sheet], columns: Sequence[ImportColumn]
) -> tuple[HeadOfFile, ...]:
    """Every column of every sheet with what it fills."""
    options = tuple(Option(c.name, c.label + ("★" if c.required else "")) for c in columns)
    labels, by_name = {c.name: c.label for c in columns}, {sheet.name: sheet for sheet in sheets}
    found = []
    for number, one in enumerate(heads):
        before = f"{one.sheet}·" if len(heads) > 1 else ""
        for head in one.heads:
            value, guess = one.columns.get(head.index, ""), one.guesses.get(head.index)
            doubt = _("可能是「%(label)s」，请确认", label=labels[guess]) if guess and not value else ""
            if twice := next((key for key, indexes in one.doubled.items() if head.index in indexes), ""):
                doubt = _("有几列都可能是「%(label)s」，请选定一列", label=labels[twice])
            samples = _samples(by_name[one.sheet], one.last, head.index)
            name = select_name(number, head.index)
            found.append(HeadOfFile(name, before + head.text, samples, options, value, doubt))
    return tuple(found)


def _samples(sheet: Sheet, last: int, column: int) -> tuple[str, ...]:
    texts: list[str] = []
    for row in range(last + 1, min(last + 40, len(sheet.rows))):
        cell = sheet.cell(row, column)
        if not is_blank(cell) and len(texts) < SAMPLES:
            texts.append(_as_read(cell)[:20])
    return tuple(texts)


def _as_read(cell: object) -> str:
    try:
        return as_text(cell)
    except RuleError:
        return str(cell)


def summary(plan: Plan) -> str:
    """«12 行新增，0 条更新，292 条已存在且一致»; a twice imported file says «0 行新增，n 条已存在且一致»."""
    count = {fate: len(plan.of(fate)) for fate in Fate}
    if plan.declared.compare:
        return _(
            "%(same)s 条一致，%(kept)s 条不一致，%(new)s 条系统里没有，%(absent)s 条表里没有",
            same=count[Fate.SAME], kept=count[Fate.KEPT], new=count[Fate.NEW], absent=len(plan.absent),
        )  # fmt: skip
    parts = [_("%(n)s 行新增", n=count[Fate.NEW]), _("%(n)s 条已存在且一致", n=count[Fate.SAME])]
    if count[Fate.CHANGED]:
        parts.append(_("%(n)s 条更新", n=count[Fate.CHANGED]))
    if count[Fate.KEPT]:
        parts.append(_("%(n)s 条已存在但内容不同，保持原值", n=count[Fate.KEPT]))
    return "，".join(parts)


def hidden_choice(sheets: Sequence[Sheet], heads: Sequence[SheetHeads], skip: bool) -> tuple[FormField, ...]:
    """Whether rows that Excel hides are read: asked only where there are some."""
    hidden = hidden_words(sheets, {one.sheet for one in heads})
    label = _("不导入文件里隐藏的 %(rows)s", rows=hidden)
    hint = _("常见于筛选后保存的表；不勾选就全部导入。")
    return (FormField("skip_hidden", label, "checkbox", value="1" if skip else "", hint=hint),) if hidden else ()


def notes_of(plan: Plan, before: Any) -> tuple[str, ...]:
    """What a person should know besides: the file came before, lines that are no data."""
    notes = []
    if before is not None:
        notes.append(_("这个文件 %(when)s 由 %(who)s 导入过。", when=moment(before.at), who=before.person_name))
    notes += [_("「%(head)s」按%(unit)s读，导入后是元。", head=head, unit=unit) for head, unit in sorted(plan.scaled)]
    if plan.skipped:
        rows = "、".join(f"{sheet}·第 {line} 行（{text}）" for sheet, line, text in plan.skipped[:5])
        more = _(" 等 %(n)s 行", n=len(plan.skipped)) if len(plan.skipped) > 5 else ""
        notes.append(_("不是数据、没有读入：%(rows)s", rows=rows + more))
    return tuple(notes)


def faults_on_page(plan: Plan) -> tuple[FaultOnPage, ...]:
    """The first two hundred."""
    several = len({fault.sheet for fault in plan.faults}) > 1
    return tuple(
        FaultOnPage(f.line, f.column, f.value, f.sentence, f.sheet if several else "")
        for f in plan.faults[:SHOWN_FAULTS]
    )


def sum_checks(plan: Plan) -> tuple[SumCheck, ...]:
    """Rows and sums of the file beside those that can be taken."""
    rows = SumCheck(_("行数"), f"{plan.read:,}", f"{len(plan.lines):,}", plan.read == len(plan.lines))
    sums = [SumCheck(label, f"{read:,.2f}", f"{good:,.2f}", read == good) for label, (read, good) in plan.sums.items()]
    return (rows, *sums)


def sample_table(plan: Plan) -> Table | None:
    """The first rows as they will be saved; numbers of people stay masked."""
    lines = [line for line in plan.lines if line.fate in (Fate.NEW, Fate.CHANGED)][:SHOWN_ROWS]
    if not lines:
        return None
    used = [c for c in plan.columns if any(line.values.get(c.name) not in (None, "") for line in lines)][:SHOWN_COLUMNS]
    heads = (
        Column("line", _("行"), phone="lo"),
        *(
            Column(c.name, c.label, numeric=c.summed, phone="hd" if i == 0 else "shown" if i < 5 else "lo")
            for i, c in enumerate(used)
        ),
        Column("fate", _("处理"), phone="badge"),
    )
    rows = tuple(
        Row(str(line.number), "", line.place, (
            Cell(str(line.number)), *(Cell(shown(c, line), c.summed) for c in used),
            Cell(_(FATES[line.fate])),
        ))
        for line in lines
    )  # fmt: skip
    return Table(heads, rows)


def shown(column: ImportColumn, line: Line) -> str:
    """A value as a person reads it; names that were looked up stand as they were written."""
    value = line.written.get(column.name, line.values.get(column.name))
    if value in (None, ""):
        return ""
    if column.personal in MASKS and isinstance(value, str):
        return MASKS[column.personal](value)
    if column.kind == "money":
        return f"{value:,.2f}"
    return str(plain(value))[:60]


def differing(plan: Plan) -> list[tuple[str, str, str]]:
    """(kind, place or record, what) of everything that is not as the table says."""
    found = []
    for line in plan.lines:
        if line.differences:
            found.append((_("不一致"), _known_as(line), said(line)))
        elif plan.declared.compare and line.fate is Fate.NEW:
            found.append((_("系统里没有"), line.place, ""))
    found += [(_("表里没有"), str(record), "") for record in plan.absent]
    return found


def _known_as(line: Line) -> str:
    return f"{line.place} {line.record}"


def differences_table(plan: Plan) -> Table | None:
    """The first two hundred differences."""
    rows = differing(plan)[:SHOWN_FAULTS]
    if not rows:
        return None
    heads = (
        Column("what", _("记录"), phone="hd"),
        Column("kind", _("结果"), phone="badge"),
        Column("how", _("系统里 → 表里")),
    )
    return Table(
        heads,
        tuple(Row(str(n), "", what, (Cell(what), Cell(kind), Cell(how))) for n, (kind, what, how) in enumerate(rows)),
    )


def runs_card(runs: Sequence[Any]) -> Card | None:
    """What came in before."""
    if not runs:
        return None
    heads = (
        Column("file", _("文件"), phone="hd"), Column("who", _("谁")), Column("when", _("何时")),
        Column("new", _("新增"), numeric=True), Column("changed", _("更新"), numeric=True), Column("same", _("一致"), numeric=True),
    )  # fmt: skip
    rows = tuple(
        Row(str(r.id), "", r.file_name, (
            Cell(r.file_name, sub=r.source), Cell(r.person_name), Cell(moment(r.at)), Cell(str(r.new)), Cell(str(r.changed)),
            Cell(str(r.same)),
        ))
        for r in runs
    )  # fmt: skip
    return Card(_("最近导入"), "table", table=Table(heads, rows))
