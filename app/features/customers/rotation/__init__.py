"""轮接: whose turn it is to receive the next visitor or caller, and why (02 §2.5.1)."""
