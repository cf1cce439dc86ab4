"""判客: two sellers and one customer — proposal with evidence, ruling, appeal; relatives as one group (02 §2.5.2)."""
