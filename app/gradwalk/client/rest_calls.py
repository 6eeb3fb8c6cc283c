"""The calls of the REST API, written once for both clients."""

import json
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import update_wrapper
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload
from urllib.parse import quote, urlencode

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ValidationError

from gradwalk.builder import NetworkSpec
from gradwalk.client.exchange import EVENT_STREAM, ApiRequest, Exchange, OnEvent, RetryPolicy
from gradwalk.client.response_parsing import error_of_problem, read_array, read_model
from gradwalk.client.run_listener import OnProgress, RunListener
from gradwalk.contract.problem import Problem
from gradwalk.contract.snapshot import Iteration, Override, Snapshot, SnapshotHead
from gradwalk.errors import InvalidRequest, ServerUnreachable
from gradwalk.explain.explanation import Explanation, NodeExplanation, UpdateExplanation
from gradwalk.explain.gradcheck import Check
from gradwalk.findings import Finding
from gradwalk.iteration.iteration_observations import Observations
from gradwalk.questions import Verdict
from gradwalk.web.bodies import (
    AnswerRequest,
    FindingList,
    GlossaryWord,
    GlossaryWords,
    Health,
    LessonList,
    LessonPage,
    LessonSummary,
    ProgramBuilt,
    QuestionList,
    RunCreated,
    RunRequest,
)

P = ParamSpec("P")
T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


class BlockingPerformer:
    """A client that runs a call while its caller waits."""

    def perform(self, exchange: Exchange[T]) -> T:
        """Run a call and return its result."""
        raise NotImplementedError


class AsyncPerformer:
    """A client that runs a call while its caller awaits it."""

    async def perform(self, exchange: Exchange[T]) -> T:
        """Run a call and return its result."""
        raise NotImplementedError


class call(Generic[P, T]):  # noqa: N801, a decorator
    """Turns a generator of requests into a method that returns the result on a blocking client, else a coroutine."""

    def __init__(self, exchange: Callable[Concatenate[Any, P], Exchange[T]]) -> None:
        def method(client: Any, *arguments: P.args, **options: P.kwargs) -> Any:
            return client.perform(exchange(client, *arguments, **options))

        self._method = update_wrapper(method, exchange)
        self.__doc__ = exchange.__doc__

    @overload
    def __get__(self, client: None, kind: type) -> "call[P, T]": ...
    @overload
    def __get__(self, client: BlockingPerformer, kind: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, client: AsyncPerformer, kind: type) -> Callable[P, Coroutine[object, None, T]]: ...
    def __get__(self, client: Any, kind: type) -> Any:
        """Return the method of one client."""
        return self if client is None else MethodType(self._method, client)


@dataclass(frozen=True)
class NodeElement:
    """One element of a node's tensor. `output`: which of the operation's results; `element`: its position, null for the
    element with the largest magnitude.
    """

    node: str
    output: int = 0
    element: Sequence[int] | None = None


class RestCalls:
    """The calls of the REST API. Each raises the errors of `gradwalk.errors` that its response names."""

    _retry_policy: RetryPolicy

    @call
    def run(
        self,
        source: str,
        seed: int = 0,
        overrides: Sequence[Override] = (),
        on_progress: OnProgress | None = None,
    ) -> Exchange[RunCreated]:
        """Run a program. A program that fails returns too: its outcome says so.

        `on_progress` is called with each event while the program waits and runs; an exception in it cancels the run,
        and so does closing the client. Raises ProgramEmpty, ProgramTooLarge, InvalidRequest, Busy.
        """
        body = _run_request(source, seed, overrides)
        if on_progress is None:
            response = yield from self._retry_policy.send(_post("runs", body, "application/json"))
            return read_model(RunCreated, response)
        listener = RunListener(on_progress)
        request = _post("runs", body, EVENT_STREAM, listener.on_event)
        response = yield from self._retry_policy.send(request)
        if not request.accepts_stream(response):  # a server that does not stream
            return read_model(RunCreated, response)
        if isinstance(listener.result, Problem):
            raise error_of_problem(listener.result)
        if listener.result is None:
            raise ServerUnreachable("The server went away before the program ended: run it again.")
        return listener.result

    @call
    def build(self, spec: NetworkSpec) -> Exchange[ProgramBuilt]:
        """Return the program of a network that was chosen by hand. Raises SpecDoesNotFit, whose problem names the
        fields.
        """
        request = _post("programs", spec.model_dump_json().encode(), "application/json")
        return read_model(ProgramBuilt, (yield from self._retry_policy.send(request)))

    @call
    def snapshot(self, snapshot_id: str) -> Exchange[SnapshotHead]:
        """Return a snapshot without the bodies of its iterations. Raises SnapshotNotFound."""
        return (yield from self._get(SnapshotHead, "snapshots", snapshot_id))

    @call
    def iteration(self, snapshot_id: str, index: int) -> Exchange[Iteration]:
        """Return the numbers of one iteration. Raises SnapshotNotFound, IterationNotFound."""
        return (yield from self._get(Iteration, "snapshots", snapshot_id, "iterations", str(index)))

    @call
    def observations(self, snapshot_id: str, index: int) -> Exchange[Observations]:
        """Return the observations about one iteration: where NaN and infinity began, which nodes no gradient reaches
        and why, and which `.grad` was not cleared. Raises SnapshotNotFound, IterationNotFound.
        """
        return (yield from self._get(Observations, "snapshots", snapshot_id, "iterations", str(index), "observations"))

    @call
    def explanation(
        self, snapshot_id: str, index: int, edge: str, backward_pass: int = 0, element: Sequence[int] | None = None
    ) -> Exchange[Explanation]:
        """Explain an element of the contribution along an edge, by default the largest one. Raises
        SnapshotNotFound, IterationNotFound, EdgeNotFound, PassNotFound, ContributionNotFound, ElementOutOfRange.
        """
        path = _path("snapshots", snapshot_id, "iterations", str(index), "explanations", edge)
        return (yield from self._get_explanation(Explanation, path, {"pass": backward_pass}, element))

    @call
    def measured_explanation(
        self, snapshot_id: str, index: int, edge: str, backward_pass: int = 0, element: Sequence[int] | None = None
    ) -> Exchange[Explanation]:
        """Explain the contribution of an operation that has no formula: the server runs the program again and measures
        the operation's backward. Raises as `explanation` does, and Busy.
        """
        path = _path("snapshots", snapshot_id, "iterations", str(index), "explanations", edge, "measurements")
        return (yield from self._get_explanation(Explanation, path, {"pass": backward_pass}, element, "POST"))

    @call
    def node_explanation(
        self, snapshot_id: str, index: int, node: str | NodeElement, backward_pass: int | None = None
    ) -> Exchange[NodeExplanation]:
        """Explain an element of a node's value, or of its gradient in a backward pass. `node`: an id, or a chosen
        element. Raises SnapshotNotFound, IterationNotFound, NodeNotFound, PassNotFound, ContributionNotFound,
        ElementOutOfRange.
        """
        chosen = _node_element(node)
        path = _path("snapshots", snapshot_id, "iterations", str(index), "explanations", "nodes", chosen.node)
        query = {"output": chosen.output} if backward_pass is None else {"pass": backward_pass, "output": chosen.output}
        return (yield from self._get_explanation(NodeExplanation, path, query, chosen.element))

    @call
    def update_explanation(
        self, snapshot_id: str, index: int, node: str, number: int = 0, element: Sequence[int] | None = None
    ) -> Exchange[UpdateExplanation]:
        """Explain how an update changed a leaf. Raises SnapshotNotFound, IterationNotFound, NodeNotFound,
        UpdateNotFound, ElementOutOfRange.
        """
        path = _path("snapshots", snapshot_id, "iterations", str(index), "explanations", "updates", node)
        return (yield from self._get_explanation(UpdateExplanation, path, {"number": number}, element))

    @call
    def gradcheck(
        self, snapshot_id: str, index: int, node: str | NodeElement, backward_pass: int = 0
    ) -> Exchange[Check]:
        """Compare an element of a gradient with finite differences of the same program. `node`: an id, or a chosen
        element. Raises SnapshotNotFound, IterationNotFound, NodeNotFound, PassNotFound, ContributionNotFound,
        ElementOutOfRange, CheckImpossible, Busy.
        """
        chosen = _node_element(node)
        fields = {"iteration": index, "node": chosen.node, "pass": backward_pass, "output": chosen.output}
        element = None if chosen.element is None else list(chosen.element)
        body = json.dumps({**fields, "element": element}).encode()
        request = _post(_path("snapshots", snapshot_id, "checks"), body, "application/json")
        return read_model(Check, (yield from self._retry_policy.send(request)))

    @call
    def tensor(self, snapshot_id: str, tensor_id: str) -> Exchange[npt.NDArray[np.generic]]:
        """Return one whole tensor in its shape and dtype; bfloat16 and float8 come as float32, which can hold all of
        their numbers. Raises SnapshotNotFound, TensorNotFound.
        """
        path = _path("snapshots", snapshot_id, "tensors", tensor_id)
        request = ApiRequest("GET", path, {"Accept": "application/octet-stream"})
        return read_array((yield from self._retry_policy.send(request)))

    @call
    def findings(self, snapshot_id: str) -> Exchange[list[Finding]]:
        """Return the findings about the program, errors first. Raises SnapshotNotFound."""
        return (yield from self._get(FindingList, "snapshots", snapshot_id, "findings")).findings

    @call
    def questions(self, snapshot_id: str, seed: int = 0, iteration: int = 0) -> Exchange[QuestionList]:
        """Return questions about an iteration, to answer before its steps are shown. Raises SnapshotNotFound,
        IterationNotFound.
        """
        path = f"{_path('snapshots', snapshot_id, 'questions')}?{urlencode({'seed': seed, 'iteration': iteration})}"
        response = yield from self._retry_policy.send(ApiRequest("GET", path, {"Accept": "application/json"}))
        return read_model(QuestionList, response)

    @call
    def answer(self, snapshot_id: str, question: str, answer: float | str | list[str]) -> Exchange[Verdict]:
        """Check the answer to a question. Raises SnapshotNotFound, QuestionNotFound,
        AnswerNotANumber, AnswerNotAChoice.
        """
        body = AnswerRequest(question=question, answer=answer).model_dump_json(exclude_defaults=True).encode()
        request = _post(_path("snapshots", snapshot_id, "answers"), body, "application/json")
        return read_model(Verdict, (yield from self._retry_policy.send(request)))

    @call
    def export(self, snapshot_id: str) -> Exchange[Snapshot]:
        """Return a whole snapshot, with iterations and large tensors. Raises SnapshotNotFound."""
        return (yield from self._get(Snapshot, "snapshots", snapshot_id, "export", "json"))

    @call
    def dot(self, snapshot_id: str, graph: int = 0) -> Exchange[str]:
        """Return a graph of a snapshot in Graphviz's language. Raises SnapshotNotFound, GraphNotFound."""
        return (yield from self._drawing(snapshot_id, "dot", graph))

    @call
    def mermaid(self, snapshot_id: str, graph: int = 0) -> Exchange[str]:
        """Return a graph of a snapshot in Mermaid's language. Raises SnapshotNotFound, GraphNotFound."""
        return (yield from self._drawing(snapshot_id, "mermaid", graph))

    @call
    def svg(self, snapshot_id: str, iteration: int = 0, backward_pass: int | None = None) -> Exchange[str]:
        """Return an iteration as a drawing: every value above its node, and below it the gradient of one backward pass,
        by default of the last one. Raises SnapshotNotFound, IterationNotFound, ExportTooLarge.
        """
        chosen = "" if backward_pass is None else f"&pass={backward_pass}"
        path = f"{_path('snapshots', snapshot_id, 'export', 'svg')}?iteration={iteration}{chosen}"
        return (yield from self._retry_policy.send(ApiRequest("GET", path, {"Accept": "image/svg+xml"}))).text

    @call
    def html(self, snapshot_id: str, iterations: str | None = None) -> Exchange[str]:
        """Return a page that plays a snapshot, in one file that needs no server. `iterations`: `3`, or `0-9`; null for
        all. Raises SnapshotNotFound, IterationNotFound, ExportTooLarge.
        """
        query = "" if iterations is None else f"?iterations={quote(iterations)}"
        path = f"{_path('snapshots', snapshot_id, 'export', 'html')}{query}"
        return (yield from self._retry_policy.send(ApiRequest("GET", path, {"Accept": "text/html"}))).text

    @call
    def lessons(self) -> Exchange[list[LessonSummary]]:
        """Return all lessons in the order in which they are taught."""
        listed = yield from self._get(LessonList, "lessons")
        return listed.lessons

    @call
    def lesson(self, slug: str) -> Exchange[LessonPage]:
        """Return one lesson, with its program and the id of its snapshot. Raises LessonNotFound."""
        return (yield from self._get(LessonPage, "lessons", slug))

    @call
    def glossary(self) -> Exchange[list[GlossaryWord]]:
        """Return all words of the glossary, in the order of the alphabet."""
        return (yield from self._get(GlossaryWords, "glossary")).words

    @call
    def health(self) -> Exchange[Health]:
        """Return the health of a server that can run and store programs. Raises SandboxUnavailable,
        StoreUnavailable.
        """
        return (yield from self._get(Health, "health"))

    def _drawing(self, snapshot_id: str, language: str, graph: int) -> Exchange[str]:
        path = f"{_path('snapshots', snapshot_id, 'export', language)}?graph={graph}"
        response = yield from self._retry_policy.send(ApiRequest("GET", path, {"Accept": "text/*"}))
        return response.text

    def _get_explanation(
        self, model: type[M], path: str, query: dict[str, int], element: Sequence[int] | None, method: str = "GET"
    ) -> Exchange[M]:
        position = {} if element is None else {"element": ",".join(map(str, element))}
        request = ApiRequest(method, f"{path}?{urlencode({**query, **position})}", {"Accept": "application/json"})
        return read_model(model, (yield from self._retry_policy.send(request)))

    def _get(self, model: type[M], *segments: str) -> Exchange[M]:
        response = yield from self._retry_policy.send(
            ApiRequest("GET", _path(*segments), {"Accept": "application/json"})
        )
        return read_model(model, response)


def _post(path: str, body: bytes, accept: str, on_event: OnEvent | None = None) -> ApiRequest:
    return ApiRequest("POST", path, {"Accept": accept, "Content-Type": "application/json"}, body, on_event=on_event)


def _node_element(node: str | NodeElement) -> NodeElement:
    return node if isinstance(node, NodeElement) else NodeElement(node)


def _path(*segments: str) -> str:
    return "/".join(quote(segment, safe="") for segment in segments)


def _run_request(source: str, seed: int, overrides: Sequence[Override]) -> bytes:
    try:
        return RunRequest(source=source, seed=seed, overrides=list(overrides)).model_dump_json().encode()
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'source'}: {e['msg']}" for e in error.errors())
        raise InvalidRequest(f"Correct what is to be run: {wrong}.") from error
