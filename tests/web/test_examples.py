"""The examples of the OpenAPI document are what the real server answers."""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from pydantic import BaseModel

from gradwalk.builder import NetworkSpec
from gradwalk.contract.problem import Problem
from gradwalk.contract.snapshot import Iteration, Snapshot, SnapshotHead, Tensor
from gradwalk.explain.explanation import Explanation, NodeExplanation, UpdateExplanation
from gradwalk.explain.gradcheck import Check
from gradwalk.iteration.iteration_observations import Observations
from gradwalk.questions import Verdict
from gradwalk.web.bodies import (
    AnswerRequest,
    CheckRequest,
    FindingList,
    GlossaryWords,
    Health,
    LessonList,
    LessonPage,
    ProgramBuilt,
    QuestionList,
    RunCreated,
    RunRequest,
)
from gradwalk.web.examples import EXAMPLES
from tests.openapi import document
from tests.processes import server

MODELS: dict[str, type[BaseModel]] = {
    model.__name__: model
    for model in (
        RunRequest,
        RunCreated,
        SnapshotHead,
        Iteration,
        Tensor,
        Snapshot,
        GlossaryWords,
        LessonList,
        LessonPage,
        NetworkSpec,
        ProgramBuilt,
        FindingList,
        Observations,
        QuestionList,
        AnswerRequest,
        Verdict,
        Health,
        Explanation,
        NodeExplanation,
        UpdateExplanation,
        CheckRequest,
        Check,
        Problem,
    )
}

PROGRAM = """import torch

x = torch.tensor(1.1)
w = torch.tensor(2.2, requires_grad=True)
loss = (w * x - 1) ** 2
loss.backward()
print(w.grad)
with torch.no_grad():
    w -= 0.1 * w.grad
"""

CHECKED = {"iteration": 0, "node": "n1", "pass": 0, "output": 0, "element": []}

FOUND = {"source": "import torch\nw = torch.tensor(-1.0, requires_grad=True)\ntorch.relu(w * 3).backward()\n"}

OBSERVED = {
    "source": """import torch

x = torch.tensor(0.0)
w = torch.tensor(2.0, requires_grad=True)
first, second = 3 * w, w * w + x.log()
first.backward()
second.backward()
"""
}

NETWORK = {
    "data": "xor",
    "layers": [{"kind": "linear", "width": 4}, {"kind": "tanh"}, {"kind": "linear"}],
    "loss": "bce_with_logits",
    "optimizer": {"kind": "sgd", "learning_rate": 0.5},
    "iterations": 20,
}

DIFFERENT_EACH_TIME = {"id", "snapshot", "created_at", "queued_ms", "run_ms", "total_ms", "python", "torch", "version"}


def answers() -> dict[str, Any]:
    """What a real server answers, by model."""
    request = {"source": PROGRAM, "seed": 0, "overrides": [{"name": "w", "index": [], "value": 2.5}]}
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as running, running.client() as client:
        created = client.post("/api/v1/runs", json=request)
        address = created.headers["Location"]
        iteration = client.get(f"{address}/iterations/0").json()
        tensor = next(iter(iteration["backward"][0]["accumulated"].values()))["id"]
        questions = client.get(f"{address}/questions?seed=1").json()
        typed = next(question for question in questions["questions"] if question["form"] == "number")
        answer = {"question": typed["id"], "answer": 2.7}
        observed = client.post("/api/v1/runs", json=OBSERVED)
        found = {
            "RunRequest": request,
            "RunCreated": created.json(),
            "NetworkSpec": NETWORK,
            "ProgramBuilt": client.post("/api/v1/programs", json=NETWORK).json(),
            "SnapshotHead": client.get(address).json(),
            "Iteration": iteration,
            "Explanation": client.get(f"{address}/iterations/0/explanations/e0").json(),
            "NodeExplanation": client.get(f"{address}/iterations/0/explanations/nodes/n1?pass=0").json(),
            "UpdateExplanation": client.get(f"{address}/iterations/0/explanations/updates/n1").json(),
            "CheckRequest": CHECKED,
            "Check": client.post(f"{address}/checks", json=CHECKED).json(),
            "Tensor": client.get(f"{address}/tensors/{tensor}").json(),
            "Snapshot": client.get(f"{address}/export/json").json(),
            "LessonList": client.get("/api/v1/lessons").json(),
            "GlossaryWords": client.get("/api/v1/glossary").json(),
            "LessonPage": lesson_once_run(client, "fan-out"),
            "FindingList": client.get(f"{client.post('/api/v1/runs', json=FOUND).headers['Location']}/findings").json(),
            "Observations": client.get(f"{observed.headers['Location']}/iterations/0/observations").json(),
            "QuestionList": questions,
            "AnswerRequest": answer,
            "Verdict": client.post(f"{address}/answers", json=answer).json(),
            "Health": client.get("/api/v1/health").json(),
            "Problem": client.post("/api/v1/runs", json={"source": "", "seed": 0}).json(),
        }
        del found["GlossaryWords"]["words"][2:]
        found["LessonPage"]["snapshot"] = created.json()["snapshot"]
        return found


def lesson_once_run(client: httpx.Client, slug: str) -> Any:
    """A lesson whose stops have their places: the server runs the lessons after its start."""
    for _ in range(600):
        page = client.get(f"/api/v1/lessons/{slug}").json()
        if page["snapshot"] is not None:
            return page
        time.sleep(0.05)
    raise AssertionError(f"the lesson {slug} was not run")


def what_stays(answer: Any) -> Any:
    """An answer without what is another each time."""
    if isinstance(answer, list):
        return [what_stays(part) for part in answer]
    if isinstance(answer, dict):
        return {name: what_stays(part) for name, part in answer.items() if name not in DIFFERENT_EACH_TIME}
    return answer


def test_they_are_what_the_server_answers() -> None:
    current = what_stays(answers())
    assert what_stays(EXAMPLES) == current, "run: python -m tests.web.test_examples app/gradwalk/web/examples.json"


@pytest.mark.parametrize("name", MODELS)
def test_each_fits_its_model(name: str) -> None:
    read = MODELS[name].model_validate_json(json.dumps(EXAMPLES[name]))
    # nothing of the example is lost on the way through its model
    written = read.model_dump(mode="json", by_alias=True)
    assert {key: written.get(key) for key in EXAMPLES[name]}.keys() == EXAMPLES[name].keys() <= written.keys()


def bodies() -> dict[str, dict[str, Any]]:
    """Every JSON body of a request or an answer in the document, by where it stands."""
    found = {}
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            parts = {"request": operation.get("requestBody", {}), **operation["responses"]}
            for part, body in parts.items():
                for media_type, content in body.get("content", {}).items():
                    if media_type.endswith("json"):
                        found[f"{method} {path} {part}"] = content
    return found


BODIES = bodies()


@pytest.mark.parametrize("where", BODIES)
def test_each_body_has_one_that_fits(where: str) -> None:
    model = MODELS[BODIES[where]["schema"]["$ref"].rpartition("/")[2]]
    model.model_validate_json(json.dumps(BODIES[where]["example"]))


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(orjson.dumps(answers(), option=orjson.OPT_INDENT_2) + b"\n")
