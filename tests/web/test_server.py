"""The real server: real sandbox, real store, real process."""

import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import numpy as np
import pytest

from gradwalk.config import Settings
from gradwalk.contract.snapshot import Iteration
from gradwalk.lessons import Lessons
from gradwalk.web.server import CannotStart, listen, make_writable, page_url
from tests.processes import ServerProcess, server

NEURON = Lessons.built_in().get("neuron").source


def test_the_neuron_from_end_to_end(gradwalk_server: ServerProcess) -> None:
    with gradwalk_server.client() as client:
        answer = client.post("/api/v1/runs", json={"source": NEURON})
        assert answer.status_code == 201
        address = answer.headers["Location"]
        head = client.get(address).json()
        printed = "".join(entry["text"] for entry in head["console"])
        assert printed == "grad w.r.t. w: tensor([-0.0898])\ngrad w.r.t. b: tensor([-0.0817])\n"
        iteration = Iteration.model_validate_json(client.get(f"{address}/iterations/0").content)
        names = {node["id"]: node["name"] for node in head["graphs"][0]["nodes"]}
        leaves = {names[node]: tensor.data for node, tensor in iteration.backward[0].accumulated.items()}
        assert np.array(leaves["w"]) == pytest.approx(np.array([-0.0898]), abs=0.00005)
        assert np.array(leaves["b"]) == pytest.approx(np.array([-0.0817]), abs=0.00005)
        assert client.get("/api/v1/health").status_code == 200


@pytest.mark.slow  # on a push tests/faults/test_killed.py kills a server
def test_what_was_answered_survives_a_kill_in_the_middle(tmp_path: Path) -> None:
    answered: list[str] = []
    enough = threading.Event()

    def keep_running_programs(url: str) -> None:
        with httpx.Client(base_url=url, timeout=30) as client:
            while True:
                try:
                    answer = client.post("/api/v1/runs", json={"source": "print('kept')"})
                except httpx.TransportError:
                    return
                if answer.status_code == 201:
                    answered.append(answer.headers["Location"])
                if len(answered) > 20:
                    enough.set()

    with server(tmp_path) as running:
        clients = [threading.Thread(target=keep_running_programs, args=(running.url,)) for _ in range(3)]
        for thread in clients:
            thread.start()
        assert enough.wait(30)
        running.kill()
        for thread in clients:
            thread.join()
    with server(tmp_path) as again, again.client() as client:
        for address in answered:
            assert client.get(address).json()["console"][0]["text"] == "kept\n"


@pytest.mark.slow  # on a push tests/faults/test_stopped.py stops a server with runs in flight
def test_a_run_in_flight_is_finished_before_the_server_stops(tmp_path: Path) -> None:
    answers: list[httpx.Response] = []
    program = "import time\ntime.sleep(1.5)\nprint('done')"
    with server(tmp_path) as running:

        def run_long() -> None:
            with running.client() as client:
                answers.append(client.post("/api/v1/runs", json={"source": program}))

        thread = threading.Thread(target=run_long)
        thread.start()
        time.sleep(0.5)  # the program has begun, and is far from its end
        assert running.terminate() == 0
        thread.join()
    assert answers[0].status_code == 201
    assert answers[0].json()["outcome"]["status"] == "completed"


def test_the_server_never_imports_torch() -> None:
    code = "import sys, gradwalk.cli.main, gradwalk.cli.serve_command; print([m for m in sys.modules if 'torch' in m])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotStart, match=f"Port {port} .* --port"):
            listen(Settings(port=port))


def test_a_host_that_is_none_is_told() -> None:
    with pytest.raises(CannotStart, match=r"no-such-host\.invalid"):
        listen(Settings(host="no-such-host.invalid"))


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStart, match="--data-dir"):
        make_writable(tmp_path / "file" / "data")


def test_a_data_folder_is_made(tmp_path: Path) -> None:
    make_writable(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:{}"), ("localhost", "http://localhost:{}"), ("0.0.0.0", "http://127.0.0.1:{}")],
)
def test_the_address_is_one_that_a_browser_here_can_open(host: str, url: str) -> None:
    with listen(Settings(host=host, port=0)) as listening:
        assert page_url(listening, host) == url.format(listening.getsockname()[1])


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux gives up on clients that never read")
def test_a_client_that_never_reads_is_given_up() -> None:
    with listen(Settings(port=0)) as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 30_000


def test_answers_are_sent_at_once() -> None:
    with listen(Settings(port=0)) as listening:
        assert listening.proto == socket.IPPROTO_TCP
