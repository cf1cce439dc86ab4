"""How are the papers of prices shown?"""
