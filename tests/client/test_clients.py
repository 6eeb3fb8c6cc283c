"""Both clients against the real server: everything that it says comes back typed."""

import inspect
import re
import subprocess
import sys
import time
from typing import Any

import numpy as np
import pytest

from gradwalk.builder import NetworkSpec
from gradwalk.client import AsyncClient, Client, NodeElement
from gradwalk.contract.snapshot import Override, Snapshot
from gradwalk.errors import (
    AnswerNotANumber,
    ContributionNotFound,
    EdgeNotFound,
    ElementOutOfRange,
    GradwalkError,
    GraphNotFound,
    InvalidRequest,
    IterationNotFound,
    LessonNotFound,
    NodeNotFound,
    NotFound,
    PassNotFound,
    ProgramEmpty,
    ProgramTooLarge,
    QuestionNotFound,
    ServerUnreachable,
    SnapshotNotFound,
    SpecDoesNotFit,
    TensorNotFound,
    UpdateNotFound,
)
from tests.client.conftest import Call
from tests.openapi import document
from tests.processes import ServerProcess

PROGRAM = """import torch
w = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
large = torch.arange(3000.0)
loss = (w * w).sum() + large.sum() * 0
loss.backward()
print(w.grad)
"""


@pytest.fixture(scope="module")
def snapshot_id(gradwalk_server: ServerProcess) -> str:
    with Client(gradwalk_server.url) as client:
        return client.run(PROGRAM, seed=3).snapshot


def test_run(ask: Call, gradwalk_server: ServerProcess) -> None:
    created = ask(gradwalk_server.url, "run", PROGRAM)
    assert created.outcome.status == "completed"
    assert created.timings.total_ms >= created.timings.run_ms > 0


def test_a_program_that_fails_returns(ask: Call, gradwalk_server: ServerProcess) -> None:
    created = ask(gradwalk_server.url, "run", "import torch\ntorch.ones(2) @ torch.ones(3)")
    assert (created.outcome.status, created.outcome.error.line) == ("failed", 2)


def test_seed_and_overrides_reach_the_server(ask: Call, gradwalk_server: ServerProcess) -> None:
    overrides = [Override(name="w", index=[0, 1], value=2.5)]
    created = ask(gradwalk_server.url, "run", PROGRAM, seed=7, overrides=overrides)
    program = ask(gradwalk_server.url, "snapshot", created.snapshot).program
    assert (program.seed, program.overrides) == (7, overrides)


def test_snapshot_and_iteration(ask: Call, gradwalk_server: ServerProcess, snapshot_id: str) -> None:
    head = ask(gradwalk_server.url, "snapshot", snapshot_id)
    assert head.console[0].text.startswith("tensor([[2., 4.]")
    iteration = ask(gradwalk_server.url, "iteration", snapshot_id, 0)
    leaf = next(node.id for node in head.graphs[0].nodes if node.name == "w")
    assert iteration.backward[0].accumulated[leaf].data == [2.0, 4.0, 6.0, 8.0]


def test_a_tensor_is_an_array(ask: Call, gradwalk_server: ServerProcess, snapshot_id: str) -> None:
    head = ask(gradwalk_server.url, "snapshot", snapshot_id)
    iteration = ask(gradwalk_server.url, "iteration", snapshot_id, 0)
    names = {node.name: node.id for node in head.graphs[0].nodes}
    small = ask(gradwalk_server.url, "tensor", snapshot_id, iteration.values[names["w"]][0].id)
    assert (small.dtype, small.tolist()) == (np.float32, [[1.0, 2.0], [3.0, 4.0]])
    large = ask(gradwalk_server.url, "tensor", snapshot_id, iteration.values[names["large"]][0].id)
    assert (large == np.arange(3000, dtype=np.float32)).all()


def test_explanations(ask: Call, gradwalk_server: ServerProcess) -> None:
    """With a tensor that is too large to stand inside the iteration."""
    source = "import torch\nw = torch.ones(3000, requires_grad=True)\n(w * 3.0).sum().backward()\n"
    source += "with torch.no_grad():\n    w -= 0.5 * w.grad\n"
    found = ask(gradwalk_server.url, "run", source).snapshot
    graph = ask(gradwalk_server.url, "snapshot", found).graphs[0]
    leaf = next(node.id for node in graph.nodes if node.name == "w")
    edge = next(edge.id for edge in graph.edges if edge.source == leaf)
    said = ask(gradwalk_server.url, "explanation", found, 0, edge, element=[2999])
    assert (said.kind, said.computed, said.recorded, said.agrees) == ("hand-written", 3.0, 3.0, True)
    gradient = ask(gradwalk_server.url, "node_explanation", found, 0, NodeElement(leaf, element=[7]), backward_pass=0)
    assert (gradient.computed, gradient.accumulated.after) == (3.0, 3.0)
    assert ask(gradwalk_server.url, "node_explanation", found, 0, leaf).recorded == 1.0
    assert ask(gradwalk_server.url, "update_explanation", found, 0, leaf).recorded == -0.5


def test_a_gradient_is_checked(ask: Call, gradwalk_server: ServerProcess) -> None:
    source = "import torch\nw = torch.tensor([1.0, 3.0], requires_grad=True)\n(w * w).sum().backward()"
    found = ask(gradwalk_server.url, "run", source).snapshot
    checked = ask(gradwalk_server.url, "gradcheck", found, 0, NodeElement("n0", element=[1]))
    assert (checked.recorded, checked.agrees) == (6.0, True)
    assert checked.estimate == pytest.approx(6.0, abs=0.01)
    assert ask(gradwalk_server.url, "gradcheck", found, 0, "n0").element == [1]


def test_a_measured_explanation(ask: Call, gradwalk_server: ServerProcess) -> None:
    """The whole way: a program with a Function of its own is run again in the sandbox, and prints to nobody."""
    source = (
        "import torch\nclass Halving(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n"
        "        return x * 2\n    @staticmethod\n    def backward(ctx, gradient):\n        print('backward')\n"
        "        return gradient / 2\nw = torch.tensor([3.0, 4.0], requires_grad=True)\n"
        "(Halving.apply(w) * torch.tensor([1.0, 10.0])).sum().backward()\n"
    )
    found = ask(gradwalk_server.url, "run", source).snapshot
    graph = ask(gradwalk_server.url, "snapshot", found).graphs[0]
    leaf = next(node.id for node in graph.nodes if node.name == "w")
    node = next(node.id for node in graph.nodes if node.op == "Halving")
    edge = next(edge.id for edge in graph.edges if (edge.source, edge.target) == (leaf, node))
    without = ask(gradwalk_server.url, "explanation", found, 0, edge)
    assert (without.kind, without.computed, without.measurable) == ("unknown", None, True)
    said = ask(gradwalk_server.url, "measured_explanation", found, 0, edge)
    assert (said.kind, said.element, said.computed, said.agrees) == ("measured", [1], 5.0, True)
    assert [(term.value, term.product) for term in said.terms] == [(0.5, 5.0)]
    assert said.note.startswith("Backward is not the slope of forward here: it says 0.5 at number 1 of the result, but")
    assert ask(gradwalk_server.url, "snapshot", found).console[0].text == "backward\n"


def test_export(ask: Call, gradwalk_server: ServerProcess, snapshot_id: str) -> None:
    exported = ask(gradwalk_server.url, "export", snapshot_id)
    assert isinstance(exported, Snapshot)
    assert exported.head() == ask(gradwalk_server.url, "snapshot", snapshot_id)
    assert exported.iterations == [ask(gradwalk_server.url, "iteration", snapshot_id, 0)]
    assert [len(tensor.data or []) for tensor in exported.tensors.values()] == [3000]


def test_questions_and_answers(ask: Call, gradwalk_server: ServerProcess) -> None:
    source = "import torch\nw = torch.tensor(2.0, requires_grad=True)\n((w * 3) ** 2).backward()\n"
    snapshot = ask(gradwalk_server.url, "run", source).snapshot
    listed = ask(gradwalk_server.url, "questions", snapshot, seed=4)
    assert (listed.seed, listed.iteration, listed.note) == (4, 0, None)
    asked = next(question for question in listed.questions if question.form == "number")
    verdict = ask(gradwalk_server.url, "answer", snapshot, asked.id, 0.0)
    assert not verdict.right
    assert ask(gradwalk_server.url, "answer", snapshot, asked.id, verdict.expected).right
    with pytest.raises(AnswerNotANumber):
        ask(gradwalk_server.url, "answer", snapshot, asked.id, "many")


def test_findings(ask: Call, gradwalk_server: ServerProcess, snapshot_id: str) -> None:
    assert ask(gradwalk_server.url, "findings", snapshot_id) == []
    flat = ask(gradwalk_server.url, "run", PROGRAM.replace("(w * w)", "torch.relu(-w)")).snapshot
    (finding,) = ask(gradwalk_server.url, "findings", flat)
    assert (finding.code, finding.line, finding.iteration, finding.iterations) == ("dead-relu", 4, 0, 1)


def test_drawings(ask: Call, gradwalk_server: ServerProcess, snapshot_id: str) -> None:
    assert ask(gradwalk_server.url, "dot", snapshot_id).startswith("digraph")
    assert "flowchart LR" in ask(gradwalk_server.url, "mermaid", snapshot_id, 0)
    assert "</svg>" in ask(gradwalk_server.url, "svg", snapshot_id, 0, 0)


def test_a_page_in_one_file(ask: Call, gradwalk_server: ServerProcess, snapshot_id: str) -> None:
    whole = ask(gradwalk_server.url, "html", snapshot_id)
    assert "<gradwalk-player" in whole
    page = ask(gradwalk_server.url, "html", snapshot_id, "0-5")
    assert 'data-iteration="0"' in page
    assert 'data-observations="0"' in page


def test_lessons(ask: Call, gradwalk_server: ServerProcess) -> None:
    lessons = ask(gradwalk_server.url, "lessons")
    assert "neuron" in [lesson.slug for lesson in lessons]
    assert "loss.backward()" in ask(gradwalk_server.url, "lesson", "neuron").source
    assert "chain-rule" in [word.id for word in ask(gradwalk_server.url, "glossary")]


def test_health(ask: Call, gradwalk_server: ServerProcess) -> None:
    assert ask(gradwalk_server.url, "health").status == "ok"


@pytest.mark.parametrize(
    ("call", "arguments", "kind"),
    [
        ("run", (" ",), ProgramEmpty),
        ("run", ("#" * 200_001,), ProgramTooLarge),
        ("run", ("\ud800",), InvalidRequest),
        ("run", ("x", -1), InvalidRequest),
        ("snapshot", ("nothing",), SnapshotNotFound),
        ("snapshot", ("a/../b?c#d",), NotFound),
        ("iteration", ("{snapshot}", 99), IterationNotFound),
        ("tensor", ("{snapshot}", "t99999"), TensorNotFound),
        ("findings", ("nothing",), SnapshotNotFound),
        ("questions", ("nothing",), SnapshotNotFound),
        ("questions", ("{snapshot}", 0, 99), IterationNotFound),
        ("answer", ("{snapshot}", "sign.0.0.e99-0", 1.0), QuestionNotFound),
        ("explanation", ("{snapshot}", 0, "e99"), EdgeNotFound),
        ("explanation", ("{snapshot}", 0, "e0", 7), PassNotFound),
        ("explanation", ("{snapshot}", 0, "e0", 0, [9, 9]), ElementOutOfRange),
        ("node_explanation", ("{snapshot}", 0, "n99"), NodeNotFound),
        ("node_explanation", ("{snapshot}", 0, "n1", 0), ContributionNotFound),
        ("update_explanation", ("{snapshot}", 0, "n0"), UpdateNotFound),
        ("gradcheck", ("{snapshot}", 0, "n99"), NodeNotFound),
        ("gradcheck", ("{snapshot}", 0, "n0", 7), PassNotFound),
        ("export", ("nothing",), SnapshotNotFound),
        ("dot", ("{snapshot}", 7), GraphNotFound),
        ("mermaid", ("nothing",), SnapshotNotFound),
        ("svg", ("{snapshot}", 9), IterationNotFound),
        ("svg", ("{snapshot}", 0, 9), InvalidRequest),
        ("html", ("nothing",), SnapshotNotFound),
        ("html", ("{snapshot}", "7-9"), IterationNotFound),
        ("html", ("{snapshot}", "x"), InvalidRequest),
        ("lesson", ("nothing",), LessonNotFound),
    ],
)
def test_a_refusal_is_the_error_of_its_code(
    ask: Call, gradwalk_server: ServerProcess, snapshot_id: str, call: str, arguments: Any, kind: type[GradwalkError]
) -> None:
    named = [a.format(snapshot=snapshot_id) if isinstance(a, str) else a for a in arguments]
    with pytest.raises(kind) as raised:
        ask(gradwalk_server.url, call, *named)
    assert type(raised.value) is kind
    if raised.value.problem is not None:
        assert str(raised.value) == raised.value.problem.detail
        assert raised.value.problem.code == kind.code
    else:  # found before anything was sent
        assert kind is InvalidRequest


def test_progress_of_a_real_run(ask: Call, gradwalk_server: ServerProcess) -> None:
    """Whether this server streams or answers at once, the outcome is the same."""
    assert ask(gradwalk_server.url, "run", PROGRAM, on_progress=lambda _: None).outcome.status == "completed"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://127.0.0.1:9", "No server answers at http://127.0.0.1:9"),
        ("http://no-such-host.invalid", "No server answers"),
        ("127.0.0.1:8000", "is no address of a server"),
        ("http://[::1", "is no address of a server"),
    ],
)
def test_a_server_that_is_not_there(ask: Call, url: str, sentence: str) -> None:
    with pytest.raises(ServerUnreachable, match=re.escape(sentence)):
        ask(url, "health")


def test_a_network_that_does_not_fit_is_the_error_with_its_fields(ask: Call, gradwalk_server: ServerProcess) -> None:
    spec = NetworkSpec.model_validate({"data": "xor", "layers": [{"kind": "conv2d"}], "loss": "bce"})
    with pytest.raises(SpecDoesNotFit, match="Conv2d takes pictures") as refused:
        ask(gradwalk_server.url, "build", spec)
    assert refused.value.problem is not None
    assert [one.field for one in refused.value.problem.errors] == ["body.layers.0"]


def test_a_client_is_used_again_and_again(gradwalk_server: ServerProcess) -> None:
    client = Client(gradwalk_server.url + "/")
    assert client.health() == client.health()
    assert client.page("abc") == f"{gradwalk_server.url}/s/abc"
    client.close()


def test_both_clients_have_the_same_methods_with_a_text() -> None:
    public = {name for name in dir(Client) if not name.startswith("_")}
    assert public == {name for name in dir(AsyncClient) if not name.startswith("_")}
    for name in ("run", "snapshot", "iteration", "tensor", "findings", "export", "lessons", "lesson", "health"):
        assert inspect.getdoc(getattr(Client(), name))
        assert inspect.getdoc(getattr(Client, name)) == inspect.getdoc(getattr(AsyncClient(), name))
        assert "self" not in inspect.signature(getattr(Client(), name)).parameters


def test_every_route_has_a_method() -> None:
    routes = {operation["operationId"] for methods in document()["paths"].values() for operation in methods.values()}
    methods = {
        "create_run": "run",
        "build_program": "build",
        "read_snapshot": "snapshot",
        "read_iteration": "iteration",
        "read_tensor": "tensor",
        "read_findings": "findings",
        "read_observations": "observations",
        "read_questions": "questions",
        "judge_answer": "answer",
        "explain_edge": "explanation",
        "measure_edge": "measured_explanation",
        "explain_node": "node_explanation",
        "explain_leaf_update": "update_explanation",
        "check_gradient": "gradcheck",
        "export_json": "export",
        "export_dot": "dot",
        "export_mermaid": "mermaid",
        "export_html": "html",
        "export_svg_drawing": "svg",
        "list_lessons": "lessons",
        "read_lesson": "lesson",
        "list_words": "glossary",
        "read_health": "health",
    }
    assert routes == methods.keys()
    assert all(hasattr(Client, method) for method in methods.values())


def test_the_client_needs_neither_the_server_nor_torch() -> None:
    code = (
        "import sys, gradwalk.client; "
        "print([m for m in ('fastapi', 'uvicorn', 'torch', 'sqlalchemy') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_a_run_that_the_caller_gives_up_is_given_up(gradwalk_server: ServerProcess) -> None:
    began = time.monotonic()
    with pytest.raises(ServerUnreachable, match="takes too long"), Client(gradwalk_server.url, timeout=0.5) as client:
        client.run("import time\ntime.sleep(4)")
    assert time.monotonic() - began < 4
