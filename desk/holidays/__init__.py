"""The yearly notices of holidays on screen, and which deadlines a notice moves."""
