"""账户, 应收, 收款, 票据: what buyers owe, pay and get a bill for; knows accounts and payers, not orders."""
