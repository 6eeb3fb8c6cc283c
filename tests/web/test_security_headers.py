"""What surrounds every answer."""

import pytest

from gradwalk.web.http.security_headers import CONTENT_SECURITY_POLICY
from tests.web.conftest import Client


@pytest.mark.parametrize(
    "path", ["/", "/lessons/neuron", "/assets/main-1a.js", "/api/v1/lessons", "/api/v1/nothing", "/nothing"]
)
def test_every_answer_has_the_security_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_the_policy_allows_nothing_from_elsewhere_and_nothing_inline() -> None:
    sources = {source for directive in CONTENT_SECURITY_POLICY.split("; ") for source in directive.split()[1:]}
    assert sources == {"'none'", "'self'", "data:"}
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "img-src 'self' data:" in CONTENT_SECURITY_POLICY


def test_no_page_of_the_framework_is_served(client: Client) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert client.get(path).status_code == 404
