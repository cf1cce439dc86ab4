"""特殊折扣单: an extra concession for one unit and one customer, until a day, used once (02 §2.2.2, §2.3.2)."""
