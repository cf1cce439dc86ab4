"""按揭: one paper a lender — from the first look at the buyer's income to the money and the registered mortgage (02 §2.2.2)."""
