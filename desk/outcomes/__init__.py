"""What becomes of a decision in force, on screen: contest and its end, revocation (2-3, 5-9)."""
