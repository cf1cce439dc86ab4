"""整改: what is done so that it does not happen again, by whom until when, and whether it was checked (02 §2.5.6)."""
