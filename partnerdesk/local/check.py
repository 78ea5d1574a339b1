"""`make check`: all that can be said about the code without running it, two at a time, no server needed."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from partnerdesk.local.places import CHECKOUT

BIN = Path(sys.executable).parent
PYTHON = ["python", "-W", "ignore:Got an error checking a consistent migration history"]  # there is no database here

# What a good production would set: `check --deploy` must then have nothing to say.
LIKE_PRODUCTION = {
    "PARTNERDESK_ENV": "production",
    "SECRET_KEY": "for-the-check-only-" + "abcdefghijklmnopqrstuvwxyz0123456789",
    "SITE_URL": "https://support.example.com",
    "DATABASE_URL": "postgres://nobody@/none?host=/nonexistent",
    "DJANGO_SETTINGS_MODULE": "partnerdesk.settings",
}


@dataclass(frozen=True)
class Check:
    name: str
    command: list[str]

    def run(self) -> tuple[int, str, float]:
        """Exit code, what it said, seconds."""
        started = time.monotonic()
        inherited = {name: value for name, value in os.environ.items() if name not in {"DEBUG", "DEMO"}}
        done = subprocess.run(
            [str(BIN / self.command[0]), *self.command[1:]],
            env=inherited | LIKE_PRODUCTION,
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout.strip(), time.monotonic() - started


def checks() -> list[Check]:
    """The slowest first, so that the rest runs beside it."""
    manage = [*PYTHON, "manage.py"]
    return [
        Check("types", ["mypy"]),
        Check("imports", ["lint-imports", "--no-logo"]),
        Check("migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        Check("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"]),
        Check("templates: lint", ["djlint", "--lint", "--quiet", "templates"]),
        Check("templates: format", ["djade", "--target-version", "5.2", "--check", *templates()]),
        Check("dependencies", ["deptry", "--no-ansi", "."]),
        Check("code: lint", ["ruff", "check", "--quiet", "."]),
        Check("code: format", ["ruff", "format", "--quiet", "--check", "."]),
        Check("compose file", ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]),
        Check("Dockerfile", ["hadolint", "Dockerfile"]),
    ]


def templates() -> list[str]:
    return [str(path.relative_to(CHECKOUT)) for path in sorted((CHECKOUT / "templates").rglob("*.html"))]


def main() -> int:
    """The number of checks that failed."""
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        running = [(check, pool.submit(check.run)) for check in checks()]
        for check, result in running:
            code, said, seconds = result.result()
            failed += code != 0
            print(f"{'FAILED' if code else 'ok':6}  {check.name} ({seconds:.1f} s)", flush=True)
            if code:
                print(said, flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
