"""What the environment decides: addresses, secrets, and where the files that are not Python lie."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DRIVER = "postgresql+psycopg://"
PLAIN_SCHEMES = ("postgresql://", "postgres://", DRIVER)
SECRET_MIN_LENGTH = 32
MASTER_KEY_BYTES = 32
NO = ("", "0", "no", "false", "off")


class ConfigError(Exception):
    """A setting is missing or wrong; the message is one line for whoever runs the command."""


def home() -> Path:
    """Return the folder of `templates/` and `static/`: the package in a wheel, else the repository."""
    package = Path(__file__).resolve().parent
    return package if (package / "templates").is_dir() else package.parent


def jobs_package() -> str:
    """Return the dotted name under which the RQ entry points are imported."""
    return "voelgoed.jobs" if (Path(__file__).resolve().parent / "jobs").is_dir() else "jobs"


def normalise(url: str) -> str:
    """Return a PostgreSQL address with the driver that this application uses."""
    for scheme in PLAIN_SCHEMES:
        if url.startswith(scheme):
            return DRIVER + url[len(scheme) :]
    raise ConfigError(f"A PostgreSQL address starts with postgresql://, not {url.partition(':')[0]!r}.")


@dataclass(frozen=True)
class Config:
    """Settings of one process; secrets are kept out of its repr.

    `database_owner_url` and `database_report_url` are empty where a process does not need them. `database_pooled` says
    that a pooler stands before the database which gives each transaction another connection.
    Master keys are 32 bytes each, the first seals. `demo_buttons` is for a demo that only this machine sees,
    `simulator_url` for one whose payments are simulated. `trust_url` leads phones to this
    machine's own authority.
    """

    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    database_owner_url: str = field(default="", repr=False)
    database_report_url: str = field(default="", repr=False)
    database_pooled: bool = False
    redis_url: str | None = field(default=None, repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    master_keys: tuple[bytes, ...] = field(default=(), repr=False)
    public_url: str = "http://127.0.0.1:8000"
    trusted_proxies: int = 0
    mail_url: str | None = field(default=None, repr=False)
    metrics_token: str = field(default="", repr=False)
    demo: bool = False
    demo_buttons: bool = False
    data: Path = Path("var")
    simulator_url: str | None = None
    trust_url: str = ""
    trust_fingerprint: str = ""

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Config:
        """Read the settings from the environment; `ConfigError` names the first that is missing or wrong."""
        return cls(
            database_url=normalise(_required(environ, "DATABASE_URL", "postgresql://user:password@host/name")),
            secret_key=_secret(environ),
            database_owner_url=_database(environ, "DATABASE_OWNER_URL"),
            database_report_url=_database(environ, "DATABASE_REPORT_URL"),
            database_pooled=_pooled(environ),
            redis_url=environ.get("REDIS_URL") or None,
            secret_key_fallbacks=_list(environ, "SECRET_KEY_FALLBACKS"),
            master_keys=tuple(_master_key(key) for key in _list(environ, "VOELGOED_KEYS")),
            public_url=environ.get("VOELGOED_PUBLIC_URL", cls.public_url).rstrip("/"),
            trusted_proxies=_count(environ, "VOELGOED_TRUSTED_PROXIES"),
            mail_url=environ.get("MAIL_URL") or None,
            metrics_token=environ.get("VOELGOED_METRICS_TOKEN", ""),
            demo=_flag(environ, "VOELGOED_DEMO"),
            demo_buttons=_flag(environ, "VOELGOED_DEMO_BUTTONS"),
            data=Path(environ.get("VOELGOED_DATA", "var")),
            simulator_url=environ.get("VOELGOED_SIMULATOR_URL") or None,
            trust_url=environ.get("VOELGOED_TRUST_URL", ""),
            trust_fingerprint=environ.get("VOELGOED_TRUST_FINGERPRINT", ""),
        )


def _required(environ: Mapping[str, str], name: str, example: str) -> str:
    if value := environ.get(name, "").strip():
        return value
    raise ConfigError(
        f"{name} is not set (for example {example}); `voelgoed up` needs none and brings its own servers."
    )


def _secret(environ: Mapping[str, str]) -> str:
    secret = _required(environ, "SECRET_KEY", "64 random characters")
    if len(secret) < SECRET_MIN_LENGTH:
        raise ConfigError(f"SECRET_KEY has fewer than {SECRET_MIN_LENGTH} characters.")
    return secret


def _database(environ: Mapping[str, str], name: str) -> str:
    url = environ.get(name, "").strip()
    return normalise(url) if url else ""


def _pooled(environ: Mapping[str, str]) -> bool:
    said = environ.get("DATABASE_POOLER", "").strip().lower()
    if said in ("", "transaction"):
        return bool(said)
    raise ConfigError(f"DATABASE_POOLER is transaction or not set, not {said!r}.")


def _list(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part for part in environ.get(name, "").replace(",", " ").split() if part)


def _flag(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").strip().lower() not in NO


def _master_key(text: str) -> bytes:
    try:
        key = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        key = b""
    if len(key) == MASTER_KEY_BYTES:
        return key
    raise ConfigError(f"VOELGOED_KEYS holds a key that is not {MASTER_KEY_BYTES} bytes in base64url.")


def _count(environ: Mapping[str, str], name: str) -> int:
    value = environ.get(name, "0").strip() or "0"
    if value.isdecimal():
        return int(value)
    raise ConfigError(f"{name} is a number of proxies, not {value!r}.")
