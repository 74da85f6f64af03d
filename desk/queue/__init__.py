"""The one queue of the workbench: what every app reports as open, by deadline; no table of it."""
