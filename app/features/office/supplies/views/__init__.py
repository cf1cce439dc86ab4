"""The screens of the supplies."""
