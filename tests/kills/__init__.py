"""Real processes under fire: gateways, broker and databases killed, stopped and starved, while clients go on sending.

`stage` sets two gateways up on real servers, sends load, and asks the checker for its verdict; a test says what breaks.
`python -m tests.kills --minutes 30` kills at random for as long as one likes and ends with one JSON verdict.
"""
