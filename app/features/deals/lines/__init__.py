"""计价项目: what an order sells beside the home, each with a price of its own (02 §2.3.1)."""
