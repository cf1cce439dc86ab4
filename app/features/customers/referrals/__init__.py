"""老带新: an owner or customer who brought somebody, his reward and its condition (02 §2.5.2)."""
