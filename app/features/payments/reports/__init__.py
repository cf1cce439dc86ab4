"""应收 · 实收 · 欠款 and 账龄: the ledger and the rows beside each other, by building, consultant, kind and month."""
