"""Corrections on screen: proposing one with its preview, deciding it, taking it back."""
