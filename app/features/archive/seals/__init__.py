"""用印登记: which seal on which paper, asked for, agreed, used, put back (02 §2.2.2, 07)."""
