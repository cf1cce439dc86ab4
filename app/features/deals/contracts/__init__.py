"""合同: from the approved terms to both signatures, filing and collection (02 §2.2.2)."""
