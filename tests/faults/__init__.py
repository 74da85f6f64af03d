"""Faults, survived: real servers and processes, killed while records come in (``make faults``).

Not part of the ordinary test run. Everything listens on 127.0.0.1 alone, is started by the run, and
is gone when it ends, however it ends. docs/reliability.md says what was measured.
"""
