"""The command line: what an operator and a quality person can do from a terminal.

Results go to standard output, progress and hints to standard error. Exit codes: 0 done, 1 refused or a check failed,
2 wrong usage, 3 unreachable, 4 a proof did not verify. `local` works on this machine's files, `remote` over HTTP.
"""
