"""办证: from the building's first registration to the buyer's own «不动产权证», in batches (02 §2.2.2, §2.5.9)."""
