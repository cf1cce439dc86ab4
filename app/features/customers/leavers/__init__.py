"""离职移交: a consultant's customers change hands in one act, and his open links die with it (02 §2.5.2, §2.5.11)."""
