"""Files and folders that one can take in; what is larger stands below, with its reason, for as long as it is true."""

from collections import Counter
from pathlib import Path

from tests.architecture.tracked import python_files, text_of, tracked

MOST_LINES = 300
MOST_FILES = 20  # in a folder, of one kind

LARGER_FILES: dict[str, str] = {}
LARGER_FOLDERS: dict[str, str] = {}


def test_no_file_is_too_long() -> None:
    sources = [path for path in tracked() if path.suffix in (".py", ".mjs")]
    long = {path.as_posix() for path in sources if text_of(path).count("\n") > MOST_LINES}

    assert long == set(LARGER_FILES)


def test_no_folder_is_too_full() -> None:
    files: Counter[Path] = Counter(path.parent for path in python_files() if path.name != "__init__.py")

    assert {folder.as_posix() for folder, count in files.items() if count > MOST_FILES} == set(LARGER_FOLDERS)
