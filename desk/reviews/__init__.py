"""Reviews on screen: the list, one review with its evidence, the unit's word."""
