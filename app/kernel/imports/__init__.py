"""Excel in: a view says what may come in (`importable`), everything else follows — template, mapping, pre-check, all or nothing."""
