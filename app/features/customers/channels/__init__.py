"""渠道: companies that bring customers, their 报备, who was here first, what became of it (02 §2.5.2)."""
