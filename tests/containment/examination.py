"""An examination that runs the corpus on a server over HTTP, and looks whether anything is left of each program."""

import json
import os
import secrets
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol

import httpx

from gradwalk.contract.snapshot import Iteration, SnapshotHead
from tests.containment.corpus import ATTACKS, REFUSED, Attack

SETTINGS: Final = {
    "GRADWALK_WALL_SECONDS": "4",
    "GRADWALK_OUTPUT_KIB": "64",
    "GRADWALK_SPARES": "2",
    "GRADWALK_PROGRAM_BYTES": "300000",  # one of the programs is about the parser of the child
}
"""Of the server under examination."""

CANARY_OF_THE_SERVER: Final = f"gradwalk-canary-{secrets.token_hex(16)}"
"""Belongs into the server's environment, and nowhere else."""
CANARY_OF_A_RUN: Final = f"gradwalk-canary-{secrets.token_hex(16)}"

_WALL_SECONDS: Final = float(SETTINGS["GRADWALK_WALL_SECONDS"])
_SECONDS_TO_END_AND_TO_WRITE: Final = 12.0
_OUTPUT_BYTES: Final = int(SETTINGS["GRADWALK_OUTPUT_KIB"]) << 10
_LARGEST_BODY: Final = 100 << 20
_SETTLING_SECONDS: Final = 20.0
_ITERATIONS: Final = 3
_PORT_THAT_PROGRAMS_TRY: Final = "18765"
"""In their source; each examination listens on a port of its own and writes that one there."""

BYSTANDER: Final = f"""
import random
import numpy as np
import torch
torch.manual_seed(torch.randint(1000, ()).item())
mine = "{CANARY_OF_A_RUN}" * 100
net = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Dropout(), torch.nn.Linear(2, 1))
optimizer = torch.optim.Adam(net.parameters())
for step in range(2):
    optimizer.zero_grad()
    loss = net(torch.rand(4, 3)).square().mean()
    loss.backward()
    optimizer.step()
    print(step, loss, random.random(), np.random.rand(), set("abc"))
"""
"""Uses all that a run before it could have spoilt, and has a secret of its own."""


class Target(Protocol):
    """A server to examine. `url`: where it answers."""

    url: str

    def remains(self) -> dict[str, Any]:
        """Processes, zombies, descriptors and files, in a form that can be compared."""

    def log(self) -> str:
        """What the server has written so far."""


class Examination:
    """The findings about one server, by the program's name: sentences, none where all that must hold did hold.

    `attacks`: the programs that are run.
    """

    def __init__(self, target: Target, attacks: Sequence[Attack] = ATTACKS) -> None:
        self._target = target
        self._attacks = attacks
        # a connection for each request: those that are kept open would count as left behind
        self._client = httpx.Client(
            base_url=target.url, timeout=120, limits=httpx.Limits(max_keepalive_connections=0), trust_env=False
        )
        self._port = ""
        self.findings: dict[str, list[str]] = {}
        self.bystander: dict[str, Any] = {}

    def examine(self) -> None:
        """Run every program, two at a time, each followed by the bystander."""
        hands = len(os.sched_getaffinity(0))
        with self._client, ThreadPoolExecutor(hands) as pool, socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setblocking(False)
            self._port = str(listener.getsockname()[1])
            for _ in range(3):  # the database opens its connections
                self.bystander, *_ = pool.map(self._run_bystander, range(hands))
            before = self._settled(None)
            attacks = sorted(self._attacks, key=lambda attack: attack.slow)
            for start in range(0, len(attacks), hands):
                batch = attacks[start : start + hands]
                found = list(pool.map(self._one, batch))
                common = self._after(before, listener)
                for attack, complaints in zip(batch, found, strict=True):
                    self.findings[attack.name] = complaints + common

    def _one(self, attack: Attack) -> list[str]:
        try:
            complaints = self._judged(attack, *self._run(attack.source.replace(_PORT_THAT_PROGRAMS_TRY, self._port)))
        except (AssertionError, ValueError, httpx.HTTPError) as error:
            complaints = [f"{type(error).__name__}: {error}"]
        try:
            after = self._run_bystander(0)
        except (AssertionError, ValueError, httpx.HTTPError) as error:
            return [*complaints, f"the next run fails: {type(error).__name__}: {error}"]
        if after != self.bystander:
            complaints.append(f"the next run is another: {_difference(self.bystander, after)}")
        return complaints

    def _judged(self, attack: Attack, answer: dict[str, Any], texts: list[str]) -> list[str]:
        complaints = []
        if answer["status"] not in attack.outcomes:
            complaints.append(f"it ended as {answer}, not as {sorted(attack.outcomes)}")
        for forbidden in ("ESCAPED", "root:x:", CANARY_OF_THE_SERVER, CANARY_OF_A_RUN):
            complaints += [f"{forbidden} in {_around(text, forbidden)}" for text in texts if forbidden in text]
        if answer["seconds"] > _WALL_SECONDS + _SECONDS_TO_END_AND_TO_WRITE:
            complaints.append(f"it ran for {answer['seconds']:.1f} s")
        if answer["printed"] > _OUTPUT_BYTES:
            complaints.append(f"{answer['printed']} bytes of text")
        return complaints

    def _run(self, source: str) -> tuple[dict[str, Any], list[str]]:
        """How the run ended, and everything that can be read of it but its own source. Raises on what is no JSON of
        the contract.
        """
        answer = self._client.post("/api/v1/runs", content=json.dumps({"source": source}).encode(), headers=_JSON)
        if answer.status_code in (413, 422):
            return {"status": REFUSED, "printed": 0, "seconds": 0.0}, [answer.text]
        assert answer.status_code == 201, answer.text
        seconds = answer.json()["timings"]["run_ms"] / 1e3
        path = f"/api/v1/snapshots/{answer.json()['snapshot']}"
        head = SnapshotHead.model_validate_json(self._body(path))
        texts = [head.model_copy(update={"program": None}).model_dump_json()]
        for summary in head.iterations[:_ITERATIONS]:
            body = self._body(f"{path}/iterations/{summary.index}")
            Iteration.model_validate_json(body)
            texts.append(body)
        self._try_tensors(path)
        printed = sum(len(entry.text.encode()) for entry in head.console)
        error = head.outcome.error
        message = error and error.message[:300]
        return {"status": head.outcome.status, "printed": printed, "seconds": seconds, "message": message}, texts

    def _try_tensors(self, path: str) -> None:
        for number in range(_ITERATIONS):
            found = self._client.get(f"{path}/tensors/t{number}", headers={"Accept": "application/octet-stream"})
            assert found.status_code in (200, 404), found.text
            assert len(found.content) < _LARGEST_BODY

    def _run_bystander(self, _turn: int) -> dict[str, Any]:
        """The bystander's snapshot, all of it but its id and its times."""
        answer = self._client.post("/api/v1/runs", json={"source": BYSTANDER})
        assert answer.status_code == 201, answer.text
        path = f"/api/v1/snapshots/{answer.json()['snapshot']}"
        head = json.loads(self._body(path))
        bodies = [json.loads(self._body(f"{path}/iterations/{one['index']}")) for one in head["iterations"]]
        return {**head, "id": None, "created_at": None, "bodies": bodies}

    def _body(self, path: str) -> str:
        answer = self._client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        assert len(answer.content) < _LARGEST_BODY
        return answer.content.decode()

    def _settled(self, before: dict[str, Any] | None) -> dict[str, Any]:
        """What is left as soon as it is the same as before, or at last; at first as soon as it does not change."""
        end = time.monotonic() + _SETTLING_SECONDS
        last = self._target.remains()
        while last != before and time.monotonic() < end:
            time.sleep(0.05 if before is not None else 1)
            now = self._target.remains()
            if before is None and now == last:
                return now
            last = now
        return last

    def _after(self, before: dict[str, Any], listener: socket.socket) -> list[str]:
        left = self._settled(before)
        complaints = [f"{key}: {left[key]} instead of {before[key]}" for key in before if left[key] != before[key]]
        try:
            listener.accept()[0].close()
            complaints.append("a port on loopback was contacted")
        except BlockingIOError:
            pass
        log = self._target.log()
        return complaints + [f"{c} in the log" for c in (CANARY_OF_THE_SERVER, CANARY_OF_A_RUN) if c in log]


_JSON: Final = {"Content-Type": "application/json"}


def _around(text: str, part: str) -> str:
    at = text.index(part)
    return repr(text[max(0, at - 80) : at + 120])


def _difference(one: dict[str, Any], other: dict[str, Any]) -> str:
    return ", ".join(f"{key}: {str(other.get(key))[:200]}" for key in one if one[key] != other.get(key))
