"""All corruptions that the checker is tried with."""

from tests.checker.trials.of_entries import ENTRIES
from tests.checker.trials.of_exchange import EXCHANGE
from tests.checker.trials.of_logs import LOGS
from tests.checker.trials.of_pages import PAGES
from tests.checker.trials.of_rows import ROWS
from tests.checker.trials.of_words import WORDS

ALL = [*ENTRIES, *PAGES, *EXCHANGE, *ROWS, *WORDS, *LOGS]
