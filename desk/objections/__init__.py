"""Objections on screen: filing, the case page with its steps, deciding, the files and papers."""
