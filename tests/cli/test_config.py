"""Settings: read from an environment, refused in one line."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from voelgoed.config import Config, ConfigError, home, jobs_package, normalise

ENVIRON = {"DATABASE_URL": "postgres://voelgoed_app:p@db.example/voelgoed", "SECRET_KEY": "s" * 40}
KEY = bytes(range(32))


def test_addresses_get_the_driver_whatever_their_scheme() -> None:
    config = Config.read(ENVIRON | {"DATABASE_OWNER_URL": "postgresql://o@db.example/voelgoed"})
    assert config.database_url == "postgresql+psycopg://voelgoed_app:p@db.example/voelgoed"
    assert config.database_owner_url == "postgresql+psycopg://o@db.example/voelgoed"
    assert normalise(config.database_url) == config.database_url


def test_what_is_not_said_has_a_default() -> None:
    config = Config.read(ENVIRON)
    assert (config.redis_url, config.mail_url, config.demo, config.demo_buttons) == (None, None, False, False)
    assert (config.public_url, config.trusted_proxies, config.data) == ("http://127.0.0.1:8000", 0, Path("var"))


def test_all_else_is_read() -> None:
    config = Config.read(
        ENVIRON
        | {
            "REDIS_URL": "redis://cache.example",
            "SECRET_KEY_FALLBACKS": "older, oldest",
            "VOELGOED_KEYS": f"{urlsafe_b64encode(KEY).decode().rstrip('=')},{urlsafe_b64encode(KEY[::-1]).decode()}",
            "VOELGOED_PUBLIC_URL": "https://tickets.example/",
            "VOELGOED_TRUSTED_PROXIES": "1",
            "DATABASE_POOLER": "transaction",
            "VOELGOED_DEMO": "1",
        }
    )
    assert config.secret_key_fallbacks == ("older", "oldest")
    assert config.database_pooled
    assert config.master_keys == (KEY, KEY[::-1])
    assert (config.public_url, config.trusted_proxies, config.demo) == ("https://tickets.example", 1, True)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"DATABASE_URL": "mysql://db.example/x"}, "starts with postgresql://, not 'mysql'"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY has fewer than 32 characters"),
        ({"VOELGOED_KEYS": "c2hvcnQ"}, "not 32 bytes"),
        ({"VOELGOED_KEYS": "é"}, "not 32 bytes"),
        ({"VOELGOED_TRUSTED_PROXIES": "all"}, "is a number of proxies, not 'all'"),
        ({"DATABASE_POOLER": "session"}, "is transaction or not set, not 'session'"),
    ],
)
def test_what_is_wrong_is_named(changed: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=words) as refused:
        Config.read(ENVIRON | changed)
    assert "\n" not in str(refused.value)


def test_secrets_do_not_show() -> None:
    assert "ssss" not in repr(Config.read(ENVIRON))
    assert "voelgoed_app" not in repr(Config.read(ENVIRON))


def test_files_that_are_not_python_are_found() -> None:
    assert (home() / "templates").is_dir()
    assert jobs_package() in ("jobs", "voelgoed.jobs")
