"""The demonstration: units, officers, and a made-up register with known right grades."""
