"""The identity of a client: a browser session or a token, but never an address, because a whole school may share one.

- A *session* is a random cookie that the server sets when it serves a page or answers a browser's run. It says nothing
  about the person, and ends with the browser. It is signed with a key in the data folder, so that a forged cookie is
  not accepted. Servers that replace each other share that file.
- A *token* is a text that the caller chooses: `Authorization: Bearer …`. All requests with the same token are from the
  same client.
- A request with neither counts as a client of its own.

A flooder could invent a client for each request. The queue prevents that with the standing of a client
(`gradwalk.sandbox.fair_queue`): a token without a finished run counts as no identity, and all sessions without a
finished run share one turn, because a flooder can fetch as many cookies as pages. A client counts fully once a run of
its own has ended here, which it gets out of the share of the unknown clients.
"""

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gradwalk.errors import InvalidRequest
from gradwalk.sandbox import QueueClient

COOKIE: Final = "gradwalk_session"
LONGEST_TOKEN: Final = 256
SERVER: Final = QueueClient("server", "server")
"""The client for the server's own runs of lessons."""

_KEY_FILE: Final = "session.key"
_KEY_BYTES: Final = 32
_ID_BYTES: Final = 16
_LONGEST_COOKIES: Final = 8192


class Sessions:
    """Creates signed session cookies and recognises them."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def load(cls, folder: Path) -> "Sessions":
        """Read the key of this data folder, or create it. Raises OSError."""
        return cls(_read_or_create_key(folder / _KEY_FILE))

    def new(self) -> str:
        """Return the value of a new cookie."""
        return self._signed(_text(secrets.token_bytes(_ID_BYTES)))

    def known(self, headers: Headers) -> str | None:
        """Return the session of a request; null when it has no cookie that is signed with our key."""
        value = _cookie(headers)
        if value is None or not hmac.compare_digest(self._signed(value.partition(".")[0]).encode(), value.encode()):
            return None
        return value

    def client(self, headers: Headers) -> QueueClient:
        """Return the client that sends a request with these headers. Raises InvalidRequest for a token that is too
        long.
        """
        token = _token(headers)
        if token is not None:
            return QueueClient(f"token {hashlib.sha256(token.encode()).hexdigest()}", "claimed")
        session = self.known(headers)
        if session is not None:
            return QueueClient(f"session {session}", "vouched")
        return QueueClient(f"nobody {secrets.token_hex(8)}", "anonymous")

    def _signed(self, name: str) -> str:
        return f"{name}.{_text(hmac.digest(self._key, name.encode(), 'sha256'))}"


class SessionCookies:
    """Sets a session cookie for each browser that has none, with a page or with the response to a run. No cache gives
    these to another user: they are marked no-cache or no-store, or respond to a POST.
    """

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._sessions.known(Headers(scope=scope)) is not None:
            await self._app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if _is_page(headers) or _is_browsers_run(scope):
                    headers.append("Set-Cookie", _set_cookie(self._sessions.new(), scope["scheme"]))
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def _read_or_create_key(path: Path) -> bytes:
    """Return the key in the file, after creating it where there is none. Two servers that start at the same time use
    the key that was written first.
    """
    with suppress(FileNotFoundError):
        key = path.read_bytes()
        if len(key) == _KEY_BYTES:
            return key
        path.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    return path.read_bytes()


def _token(headers: Headers) -> str | None:
    """Return the text after Bearer. Other schemes are ignored: they are meant for a proxy, for example."""
    scheme, _, token = headers.get("authorization", "").strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        return None
    if len(token) > LONGEST_TOKEN:
        raise InvalidRequest(f"Choose a shorter token for Authorization: at most {LONGEST_TOKEN} characters.")
    return token


def _cookie(headers: Headers) -> str | None:
    return cookie_parser(headers.get("cookie", "")[:_LONGEST_COOKIES]).get(COOKIE)


def _is_page(headers: MutableHeaders) -> bool:
    return headers.get("content-type", "").startswith("text/html")


def _is_browsers_run(scope: Scope) -> bool:
    """Return true for a POST with an Origin header, which only browsers send."""
    return scope["method"] == "POST" and "origin" in Headers(scope=scope)


def _set_cookie(value: str, scheme: str) -> str:
    return f"{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict" + ("; Secure" if scheme == "https" else "")


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
