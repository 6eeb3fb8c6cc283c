"""The checks of where a request comes from: the origin of its page (CORS), and the host name it is sent to."""

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gradwalk.web.http.problems import protocol_refusal

_METHODS = ("GET", "POST", "DELETE")
_HEADERS = ("Authorization", "Content-Type", "If-None-Match")
_EXPOSED = ("Content-Disposition", "ETag", "Location", "Retry-After")


class CrossOrigin(CORSMiddleware):
    """Allows pages of these origins to use the addresses below `under`, but never with a browser's credentials."""

    def __init__(self, app: ASGIApp, origins: Collection[str], under: str) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=_METHODS,
            allow_headers=_HEADERS,
            expose_headers=_EXPOSED,
            allow_credentials=False,
        )
        self._under = under

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Apply Starlette's middleware to the addresses below `under` only."""
        inside = scope["type"] == "http" and scope["path"].startswith(self._under)
        await (super().__call__ if inside else self.app)(scope, receive, send)

    def preflight_response(self, request_headers: Headers) -> Response:
        """Return Starlette's response, but a refusal as a problem."""
        response = super().preflight_response(request_headers)
        if response.status_code < 400:
            return response
        return protocol_refusal(403, {"Vary": response.headers["Vary"]}).response()


class AllowedHosts:
    """Refuses requests for any other host name, as a defence against DNS rebinding: a page elsewhere could give this
    server's address a name of its own.

    `hosts`: names in lower case without a port; `*.school.example` stands for every name below school.example.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._names = {host for host in hosts if not host.startswith("*")}
        self._endings = tuple(host[1:] for host in hosts if host.startswith("*"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._allows(_name(Headers(scope=scope).getlist("host"))):
            await self._app(scope, receive, send)
        else:
            await protocol_refusal(421).response()(scope, receive, send)

    def _allows(self, name: str) -> bool:
        return name in self._names or name.endswith(self._endings)


def _name(hosts: list[str]) -> str:
    """Return the host name without the port; empty when there is not exactly one Host header."""
    host = hosts[0].lower() if len(hosts) == 1 else ""
    name, _, port = host.rpartition(":")
    return name if port.isdecimal() and name else host
