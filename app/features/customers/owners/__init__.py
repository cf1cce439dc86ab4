"""归属记录: who owned a customer, since when, by which rule and paper (02 §2.5.2)."""
