"""The desk box: codes in, the grade that this desk may see and what to do out."""
