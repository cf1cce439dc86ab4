"""Translations: texts in .po files are compiled when they are newer than what the site reads."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from app.kernel.errors import RuleError


def compile_catalogues(folder: Path) -> list[Path]:
    """Compiles every stale catalogue below folder; several processes may do so at once. Returns what was written.

    Raises RuleError when a catalogue is faulty or its folder cannot be written.
    """
    return [_compile(source) for source in sorted(folder.rglob("*.po")) if _stale(source)]


def _stale(source: Path) -> bool:
    made = source.with_suffix(".mo")
    return not made.exists() or made.stat().st_mtime_ns < source.stat().st_mtime_ns


def _compile(source: Path) -> Path:
    made = source.with_suffix(".mo")
    try:
        with source.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        # a name of its own, renamed at the end: a reader never sees half a file
        with NamedTemporaryFile(dir=made.parent, prefix=".", suffix=".mo", delete=False) as draft:
            write_mo(draft, catalogue)
        Path(draft.name).chmod(source.stat().st_mode & 0o777)
        Path(draft.name).replace(made)
    except (OSError, PoFileError) as error:
        raise RuleError("翻译文件 {path} 无法编译（{why}）。", path=source, why=error) from error
    return made
