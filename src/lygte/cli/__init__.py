"""The command line: the same product for scripts, operators and developers."""
