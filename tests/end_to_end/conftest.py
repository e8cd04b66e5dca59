"""One pair of gateways for all tests of this folder that leave it as it is: started once, as a person starts it."""

from collections.abc import Iterator

import pytest

from tests.end_to_end.one_demo import Demo, until

STORY = 3  # deviations that the story tells


@pytest.fixture(scope="session")
def standing_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("demo"))
    with demo.running() as process:
        until(lambda: demo.items_at("mah") == STORY or process.poll() is not None)
        assert process.poll() is None
        yield demo
