"""Settings of one running site, read from the environment.

Every setting has a safe default except the secrets: they come from ANCHANG_SECRET_KEY, ANCHANG_FIELD_KEYS and
ANCHANG_INDEX_KEY, or from «secrets.json» in the data folder, which `./anchang demo` makes once (mode 0600).

| variable | meaning |
|---|---|
| ANCHANG_DATA | data folder (database, uploads, backups); default: instance/ |
| ANCHANG_DATABASE_URL | SQLAlchemy address; default: SQLite file anchang.db in the data folder |
| ANCHANG_SECRET_KEY | signs sessions and forms, ≥ 32 characters |
| ANCHANG_FIELD_KEYS | Fernet keys of encrypted columns, newest first, separated by commas |
| ANCHANG_INDEX_KEY | HMAC key of look-up columns (phone, ID number), ≥ 32 characters |
| ANCHANG_HOSTS | host names that the site answers to, separated by commas |
| ANCHANG_PRODUCTION | 1 = secure cookies and strict start checks (`./anchang serve` sets it) |
| ANCHANG_BEHIND_PROXY | 1 = one trusted reverse proxy in front ends TLS |
| ANCHANG_REDIS_URL | Redis for rate limits and the queue of tasks; default: memory of each process, a file in the data folder |
| ANCHANG_SITE_URL | address of the site in mails and group messages; default: https:// and the first of ANCHANG_HOSTS |
| ANCHANG_SMTP_HOST | mail server; without it no mail is sent |
| ANCHANG_SMTP_PORT, _USER, _PASSWORD, _FROM | its port (587, with tls 465), account, secret, sender |
| ANCHANG_SMTP_SECURITY | starttls (default), tls, or none (only for a server on this machine) |
| ANCHANG_WEBHOOK_HOSTS | further hosts that group robots may talk to, separated by commas |
| ANCHANG_TIMEZONE | time zone of the site; default: Asia/Shanghai |
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.kernel.errors import RuleError

ROOT = Path(__file__).resolve().parent
ENGLISH = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
SECRETS_FILE = "secrets.json"
SECRET_NAMES = ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY")
STATEMENTS = (
    1500  # compiled ones that a worker keeps: the pages of one post need 700, and the 500 of old made each anew in turn
)
LOOPBACK = ("127.0.0.1", "localhost")
SMTP_PORTS = {"starttls": "587", "tls": "465", "none": "25"}
LANGUAGES = {"zh": {"flag": "cn", "name": "中文"}, "en": {"flag": "gb", "name": "English"}}


def settings(environ: Mapping[str, str], overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """All Flask settings as one dict; overrides (Flask names) win, and what derives from them follows.

    Raises RuleError when a secret is missing or the secrets file cannot be read.
    """
    given = dict(overrides or {})
    data = Path(given.get("DATA_DIR") or environ.get("ANCHANG_DATA") or ROOT / "instance").resolve()
    production = bool(given.get("PRODUCTION", environ.get("ANCHANG_PRODUCTION") == "1"))
    hosts = [host.strip() for host in environ.get("ANCHANG_HOSTS", "").split(",") if host.strip()] or list(LOOPBACK)
    result = {
        "DATA_DIR": str(data),
        "MIGRATIONS": ROOT / "migrations",
        "PRODUCTION": production,
        "BEHIND_PROXY": environ.get("ANCHANG_BEHIND_PROXY") == "1",
        "TIMEZONE": environ.get("ANCHANG_TIMEZONE") or "Asia/Shanghai",
        "UPLOAD_FOLDER": str(data / "files"),
        "TRUSTED_HOSTS": hosts,
        "FAB_SAFE_REDIRECT_HOSTS": hosts,
        "REDIS_URL": environ.get("ANCHANG_REDIS_URL") or "",
        "RATELIMIT_STORAGE_URI": environ.get("ANCHANG_REDIS_URL") or "memory://",
        **_mail(environ, hosts, production),
        **_framework(),
        **_session(production),
        **_database(str(given.get("SQLALCHEMY_DATABASE_URI") or environ.get("ANCHANG_DATABASE_URL") or ""), data),
        **_secrets(environ, data, given),
    }
    return {**result, **given}


def _mail(environ: Mapping[str, str], hosts: list[str], production: bool) -> dict[str, Any]:
    """Mail and group robots (docs/operators/notices.md). Raises RuleError for what cannot work or would send passwords in the clear."""
    host, security = environ.get("ANCHANG_SMTP_HOST", "").strip(), environ.get("ANCHANG_SMTP_SECURITY") or "starttls"
    port, sender = (
        environ.get("ANCHANG_SMTP_PORT") or SMTP_PORTS.get(security, ""),
        environ.get("ANCHANG_SMTP_FROM", ""),
    )
    if security not in SMTP_PORTS or (security == "none" and host and host not in LOOPBACK):
        raise RuleError("ANCHANG_SMTP_SECURITY 应为 starttls 或 tls；只有本机的邮件服务器可以用 none。")
    if host and (not port.isdigit() or not 0 < int(port) < 65536 or "@" not in sender):
        raise RuleError("邮件设置不完整：请检查 ANCHANG_SMTP_PORT（数字）和 ANCHANG_SMTP_FROM（发件地址）。")
    further = (name.strip().lower() for name in environ.get("ANCHANG_WEBHOOK_HOSTS", "").split(","))
    site = environ.get("ANCHANG_SITE_URL") or f"{'https' if production else 'http'}://{hosts[0]}"
    return {
        "SITE_URL": site.rstrip("/"),
        "SMTP_HOST": host,
        "SMTP_PORT": int(port) if port.isdigit() else 0,
        "SMTP_SECURITY": security,
        "SMTP_FROM": sender,
        "SMTP_USER": environ.get("ANCHANG_SMTP_USER", ""),
        "SMTP_PASSWORD": environ.get("ANCHANG_SMTP_PASSWORD", ""),
        "WEBHOOK_HOSTS": [name for name in further if name],
    }


def _framework() -> dict[str, Any]:
    """Flask-AppBuilder, its languages and what of it stays switched off (05 «Config to start from»)."""
    return {
        "APP_NAME": "案场管家",
        "LANGUAGES": LANGUAGES,
        "BABEL_DEFAULT_LOCALE": "zh",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "FAB_SECURITY_MANAGER_CLASS": "app.kernel.security.SecurityManager",
        "FAB_INDEX_VIEW": "app.kernel.pages.home.HomeView",
        "FAB_BASE_TEMPLATE": "shell.html",
        "FAB_CREATE_DB": False,
        "FAB_UPDATE_PERMS": False,
        "FAB_ADD_OPENAPI_VIEWS": False,
        "FAB_ADD_MENU_API": False,
        "FAB_ADD_SECURITY_API": False,
        "FAB_API_SWAGGER_UI": False,
        "FAB_ADD_SECURITY_PERMISSION_VIEW": False,
        "FAB_ADD_SECURITY_VIEW_MENU_VIEW": False,
        "FAB_ADD_SECURITY_PERMISSION_VIEWS_VIEW": False,
        "AUTH_USER_REGISTRATION": False,
        "AUTH_RATE_LIMITED": True,
        "RATELIMIT_ENABLED": True,
        "RATELIMIT_STRATEGY": "moving-window",
        "FAB_PASSWORD_COMPLEXITY_ENABLED": True,
        "MAX_CONTENT_LENGTH": 20 * 1024 * 1024,
        "SQLALCHEMY_TRACK_MODIFICATIONS": False,
    }


def _session(production: bool) -> dict[str, Any]:
    """The session cookie (04 S7): 12 hours at most; the __Host- name needs TLS, so only in production."""
    return {
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        # only when it says something new (the idle clock once a minute): a late answer brings no older cookie back
        "SESSION_REFRESH_EACH_REQUEST": False,
        "SESSION_COOKIE_NAME": "__Host-anchang" if production else "anchang",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": production,
        "PREFERRED_URL_SCHEME": "https" if production else "http",
    }


def _database(url: str, data: Path) -> dict[str, Any]:
    """Address and engine options; the kernel sets the rest on the connection (kernel/transactions.py)."""
    url = url or f"sqlite:///{data / 'anchang.db'}"
    options: dict[str, Any] = {"query_cache_size": STATEMENTS}
    if url.startswith("sqlite"):
        options["pool_recycle"] = 3600  # new statistics
    else:
        options["pool_pre_ping"] = True
    return {"SQLALCHEMY_DATABASE_URI": url, "SQLALCHEMY_ENGINE_OPTIONS": options}


def _secrets(environ: Mapping[str, str], data: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """SECRET_KEY (text), FIELD_KEYS (list of Fernet keys, newest first), INDEX_KEY (text)."""
    stored = _stored_secrets(data / SECRETS_FILE)
    found: dict[str, Any] = {}
    for name in SECRET_NAMES:
        value = given.get(name) or environ.get(f"ANCHANG_{name}") or stored.get(name)
        if not value:
            raise RuleError(
                "缺少密钥 {name}：请设置环境变量 ANCHANG_{name}，或先运行 ./anchang demo 自动生成演示密钥。", name=name
            )
        found[name] = value
    keys = found["FIELD_KEYS"]
    found["FIELD_KEYS"] = [key.strip() for key in keys.split(",")] if isinstance(keys, str) else list(keys)
    return found


def _stored_secrets(path: Path) -> dict[str, Any]:
    try:
        stored = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise RuleError(
            "密钥文件 {path} 无法读取（{why}），请从备份恢复该文件。", path=path, why=type(error).__name__
        ) from error
    return dict(stored)
