"""推盘批次: units go on sale together, with permit and prices in order."""
