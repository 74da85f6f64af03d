"""The other inputs of 1-3 on screen: recorded one by one or from sheets, shown beside the grade."""
