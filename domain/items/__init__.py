"""What people see as one item: a matter with the partner's answers, folded from both journals in the one order.

A fold never refuses and looks at nothing but entries: no clock, no store. What time alone changes (a clock that runs
out) is no part of a row; whoever shows it compares `due_at` with the present.
"""
