"""The command line: one module for each subject, found by name in `bot/__main__.py`."""
