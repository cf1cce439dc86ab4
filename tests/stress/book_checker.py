"""Reads the book of buyers' money with SQL of its own, knowing nothing of the app (04 R2): one sentence a fault."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

CREDITS = "('buyers', 'collected', 'fees', 'late_fees')"
LIVE = "('confirmed', 'reversing')"

FAULTS = {
    "a posting is not balanced": """
        SELECT posting_id, sum(amount) FROM ledger_entry GROUP BY posting_id HAVING sum(amount) <> 0""",
    "a posting has no entries": """
        SELECT id FROM ledger_posting WHERE id NOT IN (SELECT posting_id FROM ledger_entry)""",
    "a number of the book is missing or twice": """
        SELECT project_id, count(*), max(sequence) FROM ledger_posting GROUP BY project_id
        HAVING count(*) <> max(sequence) OR count(DISTINCT sequence) <> count(*)""",
    "a confirmed receipt is not booked once with its amount": f"""
        SELECT r.id FROM receipt r LEFT JOIN ledger_posting p ON p.subject = 'receipt' AND p.subject_id = r.id AND p.kind = 'receipt'
        LEFT JOIN ledger_entry e ON e.posting_id = p.id AND e.code IN {CREDITS}
        WHERE r.state IN ('confirmed', 'reversing', 'reversed') GROUP BY r.id, r.amount
        HAVING coalesce(-sum(e.amount), 0) <> r.amount""",
    "a receipt that does not count is booked": """
        SELECT r.id FROM receipt r JOIN ledger_posting p ON p.subject = 'receipt' AND p.subject_id = r.id
        WHERE r.state IN ('pending', 'void')""",
    "a red entry is not the opposite": """
        SELECT p.id FROM ledger_posting p JOIN ledger_posting o ON o.id = p.reverses_id WHERE p.kind = 'reversal' AND EXISTS (
          SELECT code, sum(amount) FROM ledger_entry WHERE posting_id IN (p.id, o.id) GROUP BY code HAVING sum(amount) <> 0)""",
    "a row's received is not what was allocated": """
        SELECT r.id FROM receivable r LEFT JOIN ledger_allocation a ON a.receivable_id = r.id GROUP BY r.id, r.received
        HAVING coalesce(sum(a.amount), 0) <> r.received""",
    "a row has more than it asks, or less than nothing": """
        SELECT id FROM receivable WHERE received < 0 OR received > amount""",
    "a receipt pays more than it is": """
        SELECT r.id FROM receipt r JOIN ledger_allocation a ON a.receipt_id = r.id GROUP BY r.id, r.amount
        HAVING sum(a.amount) > r.amount OR sum(a.amount) < 0""",
    "a receipt that does not count pays a row": f"""
        SELECT r.id FROM receipt r JOIN ledger_allocation a ON a.receipt_id = r.id WHERE r.state NOT IN {LIVE}
        GROUP BY r.id HAVING sum(a.amount) <> 0""",
    "a paid refund is not booked, or another one is": """
        SELECT f.id FROM refund f LEFT JOIN ledger_posting p ON p.subject = 'refund' AND p.subject_id = f.id
        WHERE (f.state = 'paid') <> (p.id IS NOT NULL)""",
    "an account has less than nothing": """
        SELECT account_id FROM ledger_entry WHERE code = 'buyers' GROUP BY account_id HAVING sum(amount) > 0""",
    "a receipt number is twice": """
        SELECT number FROM receipt WHERE number IS NOT NULL GROUP BY number HAVING count(*) > 1""",
    "a bill says more than its receipt": """
        SELECT b.receipt_id FROM bill b JOIN receipt r ON r.id = b.receipt_id WHERE b.state IN ('issued', 'written_off')
        GROUP BY b.receipt_id, r.amount HAVING sum(b.amount) > r.amount""",
    "a bank line is matched with another sum": """
        SELECT l.id FROM bank_line l JOIN bank_match m ON m.line_id = l.id AND m.undone_at IS NULL
        GROUP BY l.id, l.income, l.outgo HAVING sum(m.amount) <> l.income - l.outgo""",
}  # fmt: skip


def faults_of(connection: Connection) -> list[str]:
    """Everything that is wrong; nothing when the book is sound."""
    return [
        f"{sentence}: {tuple(row)}" for sentence, query in FAULTS.items() for row in connection.execute(text(query))
    ]


def paid_by_account(connection: Connection) -> dict[int, int]:
    """已收 of each account in fen: receipts that count, less refunds that were paid from 预收."""
    return _sums(
        connection,
        f"""SELECT account_id, sum(amount) FROM (
              SELECT account_id, amount FROM receipt WHERE state IN {LIVE}
              UNION ALL SELECT r.account_id, -f.amount FROM refund f JOIN receipt r ON r.id = f.receipt_id
                        WHERE f.state = 'paid' AND f.settled = {_false(connection)}) moved GROUP BY account_id""",
    )


def booked_by_account(connection: Connection) -> dict[int, int]:
    """The same from the ledger, in fen."""
    return _sums(
        connection, f"SELECT account_id, -sum(amount) FROM ledger_entry WHERE code IN {CREDITS} GROUP BY account_id"
    )


def _false(connection: Connection) -> str:
    return "false" if connection.dialect.name == "postgresql" else "0"


def _sums(connection: Connection, query: str) -> dict[int, int]:
    found: list[Any] = list(connection.execute(text(query)))
    return {row[0]: int(row[1]) for row in found if row[1]}
