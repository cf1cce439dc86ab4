"""The trail is chained into blocks by a job; `doctor` verifies them and names the line that was changed (03 §3.3.6, 04 R3).

A block's digest covers its lines and the block before. With each block goes a line of the trail itself that holds short
fingerprints of every value of the block's lines: by them a broken block tells which line and which value it is.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from app.kernel.audit import AuditBlock, AuditEntry, entry
from app.kernel.base import now
from app.kernel.reading_rows import UNREADABLE, rows_of

QUIET_SECONDS = 60  # entries younger than this may still be committed by another process out of order
SEAL = "seal"
NAMES = (
    "at",
    "person_id",
    "person_name",
    "acting_for",
    "address",
    "act",
    "subject",
    "subject_id",
    "project_id",
    "changes",
    "posts",
)
FIRST_NAMES = 10  # values of a line before it told the post; seals of that time hold so many fingerprints a line
LINES: Table = AuditEntry.__table__
BLOCKS: Table = AuditBlock.__table__


def seal(session: Session, limit: int = 5000) -> int:
    """Seal finished entries into one block; returns how many. Called by the audit job inside a write transaction."""
    last = session.scalars(select(AuditBlock).order_by(AuditBlock.id.desc()).limit(1)).first()
    after = last.last_id if last else 0
    young = session.scalar(
        select(func.min(AuditEntry.id)).where(AuditEntry.at > now() - timedelta(seconds=QUIET_SECONDS))
    )
    which = LINES.c.id > after
    if young is not None:
        which &= LINES.c.id < young
    ids = session.scalars(select(LINES.c.id).where(which).order_by(LINES.c.id).limit(limit)).all()
    lines = rows_of(session, [LINES.c[n] for n in NAMES], LINES.c.id.between(ids[0], ids[-1])) if ids else []
    if all(line["act"] == SEAL for line in lines):  # a seal alone waits for the next event, else seals would seal seals
        return 0
    previous = last.digest if last else ""
    block = AuditBlock(
        first_id=ids[0], last_id=ids[-1], entries=len(lines), digest=digest(lines, previous), previous=previous, sealed_at=now()
    )  # fmt: skip
    session.add(block)
    session.flush()
    prints = base64.b64encode(b"".join(map(fingerprint, lines))).decode()
    line = entry(SEAL, subject="audit_block", subject_id=block.id, prints=prints, values=len(NAMES))
    line.at = block.sealed_at
    session.add(line)
    session.flush()
    return len(lines)


def digest(lines: Sequence[dict[str, Any]], previous: str) -> str:
    """SHA-256 over the entries' content and the digest of the block before."""
    sha = hashlib.sha256(previous.encode())
    for line in lines:
        values = [line["id"], line["at"].isoformat(), *(line[name] for name in NAMES[1:FIRST_NAMES])]
        late = [
            line[name] for name in NAMES[FIRST_NAMES:] if line[name] is not None
        ]  # nothing in lines of older versions
        sha.update(_json(values + late))
    return sha.hexdigest()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).encode()


def fingerprint(line: dict[str, Any]) -> bytes:
    """Two bytes for each value, behind the id of the line; a value that cannot be read has one that no value is likely to have."""
    values = (line[name] for name in NAMES)
    prints = (hashlib.sha256(b"?" if value is UNREADABLE else _json(value)).digest()[:2] for value in values)
    return _packing(len(NAMES)).pack(line["id"], b"".join(prints))


def _packing(values: int) -> struct.Struct:
    """id of the line, two bytes for each of its values."""
    return struct.Struct(f">I{2 * values}s")


def verify(session: Session) -> Iterator[str]:
    """Chinese findings about broken blocks and their lines; nothing when all is well (used by `doctor`)."""
    seals = _seals(session)
    previous = ""
    for block in rows_of(session, [c for c in BLOCKS.columns if c.name != "id"], BLOCKS.c.id > 0):
        seal_line = seals.get(block["id"])
        yield from _block_faults(session, block, previous, seal_line)
        previous = block["digest"]


def _seals(session: Session) -> dict[int, dict[str, Any]]:
    columns = [LINES.c.subject_id, LINES.c.at, LINES.c.changes]
    return {line["subject_id"]: line for line in rows_of(session, columns, LINES.c.act == SEAL)}


def _block_faults(
    session: Session, block: dict[str, Any], previous: str, seal_line: dict[str, Any] | None
) -> Iterator[str]:
    place = f"表 audit_block 第 {block['id']} 行"
    known = _prints(seal_line)
    wrong = [name for name in ("first_id", "last_id", "entries", "sealed_at") if block[name] is UNREADABLE]
    if block["previous"] != previous:
        yield f"{place}(previous)：与前一个审计区块的摘要(digest)接不上"
    if known:
        told = {
            "first_id": min(known),
            "last_id": max(known),
            "entries": len(known),
            "sealed_at": (seal_line or {})["at"],
        }
        wrong = [name for name, value in told.items() if block[name] != value and value is not UNREADABLE]
        first, last = min(known), max(known)
    else:
        first, last = block["first_id"], block["last_id"]
    yield from (f"{place}({name})：与封存时不符" for name in wrong)
    lines = rows_of(session, [LINES.c[n] for n in NAMES], LINES.c.id.between(first, last))
    damaged = any(UNREADABLE in line.values() for line in lines)
    if not damaged and len(lines) == block["entries"] and digest(lines, block["previous"]) == block["digest"]:
        return
    faults = list(_line_faults(lines, known)) if known else []
    yield from faults or [
        f"{place}(digest)：审计记录 {first}—{last} 与封存时不符，应有 {block['entries']} 条，实有 {len(lines)} 条"
    ]


def _prints(seal_line: dict[str, Any] | None) -> dict[int, bytes]:
    """id of a line → fingerprints of its values; nothing for blocks of before there were any, or when the seal is damaged."""
    try:
        packed = base64.b64decode(seal_line["changes"]["prints"], validate=True)  # type: ignore[index]
        return dict(_packing(seal_line["changes"].get("values", FIRST_NAMES)).iter_unpack(packed))  # type: ignore[index]
    except (TypeError, KeyError, ValueError, struct.error):
        return {}


def _line_faults(lines: Sequence[dict[str, Any]], known: dict[int, bytes]) -> Iterator[str]:
    there = {line["id"]: _packing(len(NAMES)).unpack(fingerprint(line))[1] for line in lines}
    for key in sorted(known.keys() | there.keys()):
        place = f"表 audit_entry 第 {key} 行"
        if key not in there:
            yield f"{place}：封存过，现在没有了"
        elif key not in known:
            yield f"{place}：封存时没有，是后来加进去的"
        else:
            for position, name in enumerate(NAMES[: len(known[key]) // 2]):
                part = slice(2 * position, 2 * position + 2)
                if there[key][part] != known[key][part]:
                    yield f"{place}({name})：与封存时不符"
