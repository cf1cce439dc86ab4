"""签约流转单: the paper that goes with a signing from desk to desk, each signs it off (02 §2.2.2)."""
