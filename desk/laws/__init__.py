"""The law catalogue on screen: its pages, and what the entry form suggests from it."""
