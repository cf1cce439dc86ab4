"""The screens of the expenses."""
