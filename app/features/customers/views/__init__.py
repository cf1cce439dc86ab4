"""How are customers, visits and follow-ups shown?"""
