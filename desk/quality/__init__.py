"""How well records are kept, unit by unit: each figure opens the decisions that it counts."""
