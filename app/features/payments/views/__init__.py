"""How are accounts, receivables, notices, receipts, refunds and the ledger shown?"""
