"""Inspections on screen: plans and draws, visits with results, figures (4-A-2, 4-B-1, 4-C-2)."""
