"""The models of this app; each stands in the module of its topic."""
