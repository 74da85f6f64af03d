"""The red and the black list on screen: proposing, preparing, approving, ending (3-A, 3-C)."""
