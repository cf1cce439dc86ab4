"""How 认购书 is shown: list and page, buyers, the lock page, the price card, the board's drawer."""
