"""Who may ask: CORS is off unless it is configured, and so is the check of Host."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from gradwalk.config import Settings
from gradwalk.web.assets import Assets
from tests.web.conftest import FakeRunner, serving

PAGE = "https://slides.example"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type, authorization"}


def asked(folder: Path, method: str, path: str, headers: dict[str, str], **settings: str) -> Any:
    """The answer of a server with these settings, given as the environment gives them."""
    chosen = Settings(data_dir=folder, **settings)  # type: ignore[arg-type]
    with serving(FakeRunner(), chosen, Assets.load(folder / "no build")) as client:
        return client.request(method, path, headers=headers)


def cors(headers: Any) -> set[str]:
    return {name for name in headers if name.startswith("access-control-")}


def test_no_page_from_elsewhere_may_ask_by_default(tmp_path: Path) -> None:
    answer = asked(tmp_path, "GET", "/api/v1/lessons", {"Origin": PAGE})
    assert (answer.status_code, cors(answer.headers)) == (200, set())
    preflight = asked(tmp_path, "OPTIONS", "/api/v1/runs", {"Origin": PAGE, **PREFLIGHT})
    assert (preflight.status_code, cors(preflight.headers)) == (405, set())


@pytest.mark.parametrize(("allowed", "told"), [(f"https://a.example, {PAGE}", PAGE), ("*", "*")])
def test_a_page_of_an_allowed_origin(tmp_path: Path, allowed: str, told: str) -> None:
    preflight = asked(tmp_path, "OPTIONS", "/api/v1/runs", {"Origin": PAGE, **PREFLIGHT}, allowed_origins=allowed)
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == told
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    answer = asked(tmp_path, "GET", "/api/v1/lessons", {"Origin": PAGE}, allowed_origins=allowed)
    assert answer.headers["Access-Control-Allow-Origin"] == told
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize("origin", [PAGE, "*"])
def test_never_with_credentials(tmp_path: Path, origin: str) -> None:
    for method in ("GET", "OPTIONS"):
        headers = {"Origin": PAGE, "Cookie": "a=b", **(PREFLIGHT if method == "OPTIONS" else {})}
        answer = asked(tmp_path, method, "/api/v1/lessons", headers, allowed_origins=origin)
        assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("other", ["https://elsewhere.example", "null", "https://slides.example.org"])
def test_a_page_of_another_origin_reads_a_problem(tmp_path: Path, other: str) -> None:
    answer = asked(tmp_path, "OPTIONS", "/api/v1/runs", {"Origin": other, **PREFLIGHT}, allowed_origins=PAGE)
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_allowed")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert (
        "Access-Control-Allow-Origin"
        not in asked(tmp_path, "GET", "/api/v1/lessons", {"Origin": other}, allowed_origins=PAGE).headers
    )


def test_pages_are_for_no_other_origin(tmp_path: Path) -> None:
    assert cors(asked(tmp_path, "GET", "/message.css", {"Origin": PAGE}, allowed_origins="*").headers) == set()


def test_problems_can_be_read_by_an_allowed_page(tmp_path: Path) -> None:
    answer = asked(tmp_path, "GET", "/api/v1/nothing", {"Origin": PAGE}, allowed_origins=PAGE)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (404, PAGE)


def test_any_host_by_default(tmp_path: Path) -> None:
    assert asked(tmp_path, "GET", "/api/v1/lessons", {"Host": "anything.example"}).status_code == 200


@pytest.mark.parametrize(
    "host", ["school.example", "school.example:8000", "SCHOOL.example", "a.lab.example", "[::1]:8000", "[::1]"]
)
def test_an_allowed_host(tmp_path: Path, host: str) -> None:
    allowed = "School.example, *.lab.example, [::1]"
    assert asked(tmp_path, "GET", "/api/v1/lessons", {"Host": host}, allowed_hosts=allowed).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "school.example.evil", "lab.example", "", "school.example@evil", "x:y"]
)
def test_another_host(tmp_path: Path, host: str) -> None:
    answer = asked(tmp_path, "GET", "/", {"Host": host}, allowed_hosts="school.example, *.lab.example")
    assert (answer.status_code, answer.json()["code"]) == (421, "host_not_allowed")
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("allowed_origins", "slides.example", "write https://school.example, without a path"),
        ("allowed_origins", "https://slides.example/", "without a path"),
        ("allowed_origins", "https://*.example", "is no origin"),
        ("allowed_hosts", "https://school.example", "without https://"),
        ("allowed_hosts", "*", "is no host name"),
    ],
)
def test_a_setting_that_cannot_be_meant(setting: str, value: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Settings(**{setting: value})  # type: ignore[arg-type]


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADWALK_ALLOWED_ORIGINS", "https://a.example,https://b.example")
    monkeypatch.setenv("GRADWALK_ALLOWED_HOSTS", "")
    settings = Settings()
    assert settings.allowed_origins == ("https://a.example", "https://b.example")
    assert settings.allowed_hosts == ()
