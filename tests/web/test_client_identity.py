"""Who asks: sessions that only the server can give out, tokens, nobody."""

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.datastructures import Headers

from gradwalk.errors import InvalidRequest
from gradwalk.web.http.client_identity import COOKIE, LONGEST_TOKEN, Sessions
from tests.web.conftest import Client, FakeRunner

RUN = {"source": "1"}
BROWSER = {"Origin": "http://test"}


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions.load(tmp_path)


def cookie(value: str) -> Headers:
    """Among what other programs on the same host have set."""
    return Headers({"cookie": f'other={{"a": [1, 2]}}; odd; ={{}}; {COOKIE}={value}; last="'})


def bearer(token: str) -> Headers:
    return Headers({"authorization": f"Bearer {token}"})


def test_a_session_is_known_again_and_is_nobody_elses(sessions: Sessions) -> None:
    first, second = sessions.new(), sessions.new()
    assert sessions.client(cookie(first)) == sessions.client(cookie(first))
    assert sessions.client(cookie(first)) != sessions.client(cookie(second))
    assert sessions.client(cookie(first)).standing == "vouched"


@pytest.mark.parametrize("value", ["", "x", "x.y", ".", "a" * 5000, "..", "é.ü", '"'])
def test_a_cookie_that_somebody_made_up_is_none(sessions: Sessions, value: str) -> None:
    made_up = Headers(raw=[(b"cookie", f"{COOKIE}={value}".encode())])
    assert sessions.known(made_up) is None
    assert sessions.client(made_up).standing == "anonymous"


def test_a_cookie_that_was_changed_is_none(sessions: Sessions) -> None:
    name, _, signature = sessions.new().partition(".")
    other = sessions.new().partition(".")[0]
    assert sessions.known(cookie(f"{other}.{signature}")) is None
    assert sessions.known(cookie(f"{name}.{signature[:-1]}")) is None
    assert sessions.known(cookie(f"{name}.{signature}.more")) is None


def test_a_session_survives_a_restart_and_is_worth_nothing_elsewhere(sessions: Sessions, tmp_path: Path) -> None:
    value = sessions.new()
    assert Sessions.load(tmp_path).known(cookie(value)) == value
    assert Sessions.load(tmp_path / "elsewhere").known(cookie(value)) is None


def test_the_key_is_for_the_server_alone(sessions: Sessions, tmp_path: Path) -> None:
    assert [path.name for path in tmp_path.iterdir()] == ["session.key"]
    assert stat.S_IMODE((tmp_path / "session.key").stat().st_mode) == 0o600


def test_a_key_that_was_damaged_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "session.key").write_bytes(b"")
    first = Sessions.load(tmp_path)
    assert Sessions.load(tmp_path).known(cookie(first.new())) is not None


def test_servers_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as servers:
        started = list(servers.map(Sessions.load, [tmp_path] * 64))
    value = started[0].new()
    assert all(sessions.known(cookie(value)) == value for sessions in started)


def test_a_token_is_the_same_client_every_time_and_is_not_kept(sessions: Sessions) -> None:
    client = sessions.client(bearer("my-secret"))
    assert client == sessions.client(bearer("my-secret"))
    assert client != sessions.client(bearer("another"))
    assert client.standing == "claimed"
    assert "my-secret" not in client.name


def test_a_token_goes_before_a_cookie(sessions: Sessions) -> None:
    both = Headers({"authorization": "bearer t", "cookie": f"{COOKIE}={sessions.new()}"})
    assert sessions.client(both) == sessions.client(bearer("t"))


@pytest.mark.parametrize("value", ["", "Basic dXNlcjpwYXNz", "Bearer", "Bearer   ", "token"])
def test_another_authorization_is_somebody_elses_business(sessions: Sessions, value: str) -> None:
    assert sessions.client(Headers({"authorization": value})).standing == "anonymous"


def test_every_request_without_a_name_is_another_client(sessions: Sessions) -> None:
    assert sessions.client(Headers()) != sessions.client(Headers())


def test_a_token_has_a_longest(sessions: Sessions) -> None:
    assert sessions.client(bearer("x" * LONGEST_TOKEN)).standing == "claimed"
    with pytest.raises(InvalidRequest, match="256"):
        sessions.client(bearer("x" * (LONGEST_TOKEN + 1)))


def test_a_token_that_is_too_long_is_a_clear_problem(client: Client) -> None:
    answer = client.post("/api/v1/runs", json=RUN, headers={"Authorization": "Bearer " + "x" * 300})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_a_page_gives_a_browser_its_session(client: Client) -> None:
    given = client.get("/").headers["Set-Cookie"]
    assert re.fullmatch(rf"{COOKIE}=[\w.-]{{60,90}}; Path=/; HttpOnly; SameSite=Strict", given)
    assert "Set-Cookie" not in client.get("/").headers


def test_by_https_the_cookie_stays_on_https(client: Client) -> None:
    assert client.get("https://test/").headers["Set-Cookie"].endswith("; Secure")


def test_a_browsers_run_gives_it_a_session_too_and_a_scripts_does_not(client: Client) -> None:
    assert "Set-Cookie" not in client.post("/api/v1/runs", json=RUN).headers
    assert "Set-Cookie" in client.post("/api/v1/runs", json=RUN, headers=BROWSER).headers
    assert "Set-Cookie" not in client.post("/api/v1/runs", json=RUN, headers=BROWSER).headers


def test_what_a_cache_may_keep_carries_no_session(client: Client) -> None:
    address = client.post("/api/v1/runs", json=RUN).headers["Location"]
    kept = [client.get(address, headers=BROWSER), client.get("/assets/main-1a.js"), client.get("/api/v1/lessons")]
    assert [answer.status_code for answer in kept] == [200, 200, 200]
    assert all("Set-Cookie" not in answer.headers for answer in kept)
    assert client.get("/").headers["Cache-Control"] == "no-cache"


def test_a_made_up_cookie_is_replaced(client: Client) -> None:
    assert "Set-Cookie" in client.get("/", headers={"Cookie": f"{COOKIE}=made.up"}).headers


def test_the_runner_hears_who_asks(client: Client, runner: FakeRunner) -> None:
    client.get("/")
    for headers in ({}, {}, {"Authorization": "Bearer t"}):
        client.post("/api/v1/runs", json=RUN, headers=headers)
    asked = [c for c in runner.clients if c.standing != "server"]
    assert [c.standing for c in asked] == ["vouched", "vouched", "claimed"]
    assert asked[0] == asked[1]
    assert "server" in {c.standing for c in runner.clients}
