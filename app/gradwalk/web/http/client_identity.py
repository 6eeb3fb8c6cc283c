"""Who asks: a browser session or a token, never an address, for a whole school may sit behind one.

- A *session* is a random cookie that the server sets when it serves a page or answers a browser's run. It says nothing
  about the person, and ends with the browser. It is signed with a key that is kept in the data folder, so that a cookie
  that somebody made up is none. Servers that stand in for each other share that file.
- A *token* is a text that the caller chooses: `Authorization: Bearer …`. Whoever sends the same one is the same client.
- A request with neither is a client of its own.

What keeps a flooder from making up a client for each request is what the queue makes of their standing
(`gradwalk.sandbox.fair_queue`): a token that has had no run yet counts as no name at all, and a session that has had
none shares one turn with all others that have had none, for a flooder can fetch as many cookies as pages. A name of
weight is one whose run has ended here, so it costs a run to get, out of the share of those that nobody knows.
"""

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gradwalk.errors import InvalidRequest
from gradwalk.sandbox import QueueClient

COOKIE: Final = "gradwalk_session"
LONGEST_TOKEN: Final = 256
SERVER: Final = QueueClient("server", "server")
"""The server itself, which runs its lessons."""

_KEY_FILE: Final = "session.key"
_KEY_BYTES: Final = 32
_ID_BYTES: Final = 16
_LONGEST_COOKIES: Final = 8192


class Sessions:
    """Gives out names to browsers and knows its own again."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def load(cls, folder: Path) -> "Sessions":
        """With the key of this data folder, which is made when there is none. Raises OSError."""
        return cls(_kept_key(folder / _KEY_FILE))

    def new(self) -> str:
        """The value of a cookie that nobody has."""
        return self._signed(_text(secrets.token_bytes(_ID_BYTES)))

    def known(self, headers: Headers) -> str | None:
        """The session that a request carries; null when it carries none of ours."""
        value = _cookie(headers)
        if value is None or not hmac.compare_digest(self._signed(value.partition(".")[0]).encode(), value.encode()):
            return None
        return value

    def client(self, headers: Headers) -> QueueClient:
        """Who sends a request with these headers. Raises InvalidRequest for a token that is too long."""
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
    """Gives a session to each browser that has none, with a page or with the answer to a run: answers that no cache
    hands to another, as they say no-cache and no-store or answer a POST.
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


async def _asking(request: Request) -> QueueClient:
    sessions: Sessions = request.app.state.services.sessions
    return sessions.client(request.headers)


CurrentClient = Annotated[QueueClient, Depends(_asking)]
"""The type of a route's parameter that receives who asks."""


def _kept_key(path: Path) -> bytes:
    """The key in the file. Two servers that start at once agree on the one that was there first."""
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
    """The text after Bearer; another scheme is for somebody else, such as a proxy."""
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
    """Browsers, and only they, say where a POST comes from."""
    return scope["method"] == "POST" and "origin" in Headers(scope=scope)


def _set_cookie(value: str, scheme: str) -> str:
    return f"{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict" + ("; Secure" if scheme == "https" else "")


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
