"""Measures on screen: the catalogue, those of one organisation, and checklists of better grades."""
