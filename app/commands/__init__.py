"""The commands behind ./anchang, one a file; `python -m app.commands NAME` runs one."""
