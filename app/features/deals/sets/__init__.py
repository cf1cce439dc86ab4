"""合同套件: the papers of a signing laid ready at a place — the site or the show room in Shanghai (issue 5.9)."""
