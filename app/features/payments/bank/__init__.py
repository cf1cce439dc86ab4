"""银行与 POS 对账: statement lines come in from a table, are matched with receipts and refunds, differences stand out."""
