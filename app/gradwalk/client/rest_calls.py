"""Every call of the REST API, written once for both clients."""

import json
from collections.abc import Callable, Coroutine, Sequence
from functools import update_wrapper
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload
from urllib.parse import quote, urlencode

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ValidationError

from gradwalk.builder import NetworkSpec
from gradwalk.client.answers import error_of, read_array, read_model
from gradwalk.client.exchange import EVENTS, Ask, Hear, Patience, Steps
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


class Blocking:
    """A client that holds a conversation while its caller waits."""

    def perform(self, steps: Steps[T]) -> T:
        """The outcome of a conversation."""
        raise NotImplementedError


class Awaited:
    """A client that holds a conversation while its caller awaits it."""

    async def perform(self, steps: Steps[T]) -> T:
        """The outcome of a conversation."""
        raise NotImplementedError


class call(Generic[P, T]):  # noqa: N801, a decorator
    """Makes a conversation a method: it returns its outcome on a blocking client, a coroutine on the other."""

    def __init__(self, steps: Callable[Concatenate[Any, P], Steps[T]]) -> None:
        def method(client: Any, *arguments: P.args, **options: P.kwargs) -> Any:
            return client.perform(steps(client, *arguments, **options))

        self._method = update_wrapper(method, steps)
        self.__doc__ = steps.__doc__

    @overload
    def __get__(self, client: None, kind: type) -> "call[P, T]": ...
    @overload
    def __get__(self, client: Blocking, kind: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, client: Awaited, kind: type) -> Callable[P, Coroutine[object, None, T]]: ...
    def __get__(self, client: Any, kind: type) -> Any:
        """The method of one client."""
        return self if client is None else MethodType(self._method, client)


class Calls:
    """The calls of the REST API. Each raises the errors of `gradwalk.errors` that its answer names."""

    _patience: Patience

    @call
    def run(
        self,
        source: str,
        seed: int = 0,
        overrides: Sequence[Override] = (),
        on_progress: OnProgress | None = None,
    ) -> Steps[RunCreated]:
        """Runs a program. A program that fails returns too: its outcome says so.

        `on_progress` is called with what the server tells while the program waits and runs; what it raises cancels
        the run, and so does closing the client. Raises ProgramEmpty, ProgramTooLarge, InvalidRequest, Busy.
        """
        body = _run_request(source, seed, overrides)
        if on_progress is None:
            response = yield from self._patience.answered(_post("runs", body, "application/json"))
            return read_model(RunCreated, response)
        listener = RunListener(on_progress)
        ask = _post("runs", body, EVENTS, listener.hear)
        response = yield from self._patience.answered(ask)
        if not ask.hears(response):  # a server that does not stream
            return read_model(RunCreated, response)
        if isinstance(listener.end, Problem):
            raise error_of(listener.end)
        if listener.end is None:
            raise ServerUnreachable("The server went away before the program ended: run it again.")
        return listener.end

    @call
    def build(self, spec: NetworkSpec) -> Steps[ProgramBuilt]:
        """The program of a network that was chosen by hand. Raises SpecDoesNotFit, whose problem names the fields."""
        ask = _post("programs", spec.model_dump_json().encode(), "application/json")
        return read_model(ProgramBuilt, (yield from self._patience.answered(ask)))

    @call
    def snapshot(self, snapshot_id: str) -> Steps[SnapshotHead]:
        """A snapshot without the bodies of its iterations. Raises SnapshotNotFound."""
        return (yield from self._get(SnapshotHead, "snapshots", snapshot_id))

    @call
    def iteration(self, snapshot_id: str, index: int) -> Steps[Iteration]:
        """The numbers of one iteration. Raises SnapshotNotFound, IterationNotFound."""
        return (yield from self._get(Iteration, "snapshots", snapshot_id, "iterations", str(index)))

    @call
    def observations(self, snapshot_id: str, index: int) -> Steps[Observations]:
        """What is remarkable in one iteration: where NaN and infinity began, which nodes no gradient reaches and why,
        and which `.grad` was not cleared. Raises SnapshotNotFound, IterationNotFound.
        """
        return (yield from self._get(Observations, "snapshots", snapshot_id, "iterations", str(index), "observations"))

    @call
    def explanation(
        self, snapshot_id: str, index: int, edge: str, backward_pass: int = 0, element: Sequence[int] | None = None
    ) -> Steps[Explanation]:
        """Why an element of the contribution along an edge is what it is; by default the largest one. Raises
        SnapshotNotFound, IterationNotFound, EdgeNotFound, PassNotFound, ContributionNotFound, ElementOutOfRange.
        """
        path = _path("snapshots", snapshot_id, "iterations", str(index), "explanations", edge)
        return (yield from self._explained(Explanation, path, {"pass": backward_pass}, element))

    @call
    def measured_explanation(
        self, snapshot_id: str, index: int, edge: str, backward_pass: int = 0, element: Sequence[int] | None = None
    ) -> Steps[Explanation]:
        """The same for an operation that has no formula: the server runs the program again and measures what its
        backward does. Raises as `explanation` does, and Busy.
        """
        path = _path("snapshots", snapshot_id, "iterations", str(index), "explanations", edge, "measurements")
        return (yield from self._explained(Explanation, path, {"pass": backward_pass}, element, "POST"))

    @call
    def node_explanation(
        self,
        snapshot_id: str,
        index: int,
        node: str,
        backward_pass: int | None = None,
        output: int = 0,
        element: Sequence[int] | None = None,
    ) -> Steps[NodeExplanation]:
        """Why a node's value, or in a backward pass its gradient, is what it is. Raises SnapshotNotFound,
        IterationNotFound, NodeNotFound, PassNotFound, ContributionNotFound, ElementOutOfRange.
        """
        path = _path("snapshots", snapshot_id, "iterations", str(index), "explanations", "nodes", node)
        query = {"output": output} if backward_pass is None else {"pass": backward_pass, "output": output}
        return (yield from self._explained(NodeExplanation, path, query, element))

    @call
    def update_explanation(
        self, snapshot_id: str, index: int, node: str, number: int = 0, element: Sequence[int] | None = None
    ) -> Steps[UpdateExplanation]:
        """Why an update changed a leaf as it did. Raises SnapshotNotFound, IterationNotFound, NodeNotFound,
        UpdateNotFound, ElementOutOfRange.
        """
        path = _path("snapshots", snapshot_id, "iterations", str(index), "explanations", "updates", node)
        return (yield from self._explained(UpdateExplanation, path, {"number": number}, element))

    @call
    def check(
        self,
        snapshot_id: str,
        index: int,
        node: str,
        backward_pass: int = 0,
        output: int = 0,
        element: Sequence[int] | None = None,
    ) -> Steps[Check]:
        """A gradient beside what finite differences of the same program give; by default of its largest element. Raises
        SnapshotNotFound, IterationNotFound, NodeNotFound, PassNotFound, ContributionNotFound, ElementOutOfRange,
        CheckImpossible, Busy.
        """
        asked = {"iteration": index, "node": node, "pass": backward_pass, "output": output}
        body = json.dumps({**asked, "element": None if element is None else list(element)}).encode()
        ask = _post(_path("snapshots", snapshot_id, "checks"), body, "application/json")
        return read_model(Check, (yield from self._patience.answered(ask)))

    @call
    def tensor(self, snapshot_id: str, tensor_id: str) -> Steps[npt.NDArray[np.generic]]:
        """One whole tensor in its shape and dtype; bfloat16 and float8 come as float32, which holds all of their
        numbers. Raises SnapshotNotFound, TensorNotFound.
        """
        path = _path("snapshots", snapshot_id, "tensors", tensor_id)
        ask = Ask("GET", path, {"Accept": "application/octet-stream"})
        return read_array((yield from self._patience.answered(ask)))

    @call
    def findings(self, snapshot_id: str) -> Steps[list[Finding]]:
        """What goes wrong in the program, errors first. Raises SnapshotNotFound."""
        return (yield from self._get(FindingList, "snapshots", snapshot_id, "findings")).findings

    @call
    def questions(self, snapshot_id: str, seed: int = 0, iteration: int = 0) -> Steps[QuestionList]:
        """Questions about an iteration, to answer before its steps are seen. Raises SnapshotNotFound,
        IterationNotFound.
        """
        path = f"{_path('snapshots', snapshot_id, 'questions')}?{urlencode({'seed': seed, 'iteration': iteration})}"
        response = yield from self._patience.answered(Ask("GET", path, {"Accept": "application/json"}))
        return read_model(QuestionList, response)

    @call
    def answer(self, snapshot_id: str, question: str, answer: float | str | list[str]) -> Steps[Verdict]:
        """Whether an answer to a question is right, and why. Raises SnapshotNotFound, QuestionNotFound,
        AnswerNotANumber, AnswerNotAChoice.
        """
        body = AnswerRequest(question=question, answer=answer).model_dump_json(exclude_defaults=True).encode()
        ask = _post(_path("snapshots", snapshot_id, "answers"), body, "application/json")
        return read_model(Verdict, (yield from self._patience.answered(ask)))

    @call
    def export(self, snapshot_id: str) -> Steps[Snapshot]:
        """A snapshot whole: iterations and large tensors too. Raises SnapshotNotFound."""
        return (yield from self._get(Snapshot, "snapshots", snapshot_id, "export", "json"))

    @call
    def dot(self, snapshot_id: str, graph: int = 0) -> Steps[str]:
        """One of its graphs in Graphviz's language. Raises SnapshotNotFound, GraphNotFound."""
        return (yield from self._drawing(snapshot_id, "dot", graph))

    @call
    def mermaid(self, snapshot_id: str, graph: int = 0) -> Steps[str]:
        """One of its graphs in Mermaid's language. Raises SnapshotNotFound, GraphNotFound."""
        return (yield from self._drawing(snapshot_id, "mermaid", graph))

    @call
    def svg(self, snapshot_id: str, iteration: int = 0, backward_pass: int | None = None) -> Steps[str]:
        """An iteration as a drawing: every value above its node, and below it the gradient of one of its backward
        passes, of the last one when it is null. Raises SnapshotNotFound, IterationNotFound, ExportTooLarge.
        """
        chosen = "" if backward_pass is None else f"&pass={backward_pass}"
        path = f"{_path('snapshots', snapshot_id, 'export', 'svg')}?iteration={iteration}{chosen}"
        return (yield from self._patience.answered(Ask("GET", path, {"Accept": "image/svg+xml"}))).text

    @call
    def html(self, snapshot_id: str, iterations: str | None = None) -> Steps[str]:
        """A page that plays it, in one file that needs no server. `iterations`: `3`, or `0-9`; null for all of them.
        Raises SnapshotNotFound, IterationNotFound, ExportTooLarge.
        """
        query = "" if iterations is None else f"?iterations={quote(iterations)}"
        path = f"{_path('snapshots', snapshot_id, 'export', 'html')}{query}"
        return (yield from self._patience.answered(Ask("GET", path, {"Accept": "text/html"}))).text

    @call
    def lessons(self) -> Steps[list[LessonSummary]]:
        """All lessons, in the order in which they are taught."""
        listed = yield from self._get(LessonList, "lessons")
        return listed.lessons

    @call
    def lesson(self, slug: str) -> Steps[LessonPage]:
        """One lesson, with its program and the id of its snapshot. Raises LessonNotFound."""
        return (yield from self._get(LessonPage, "lessons", slug))

    @call
    def health(self) -> Steps[Health]:
        """Returns when programs can be run and stored. Raises SandboxUnavailable, StoreUnavailable."""
        return (yield from self._get(Health, "health"))

    def _drawing(self, snapshot_id: str, language: str, graph: int) -> Steps[str]:
        path = f"{_path('snapshots', snapshot_id, 'export', language)}?graph={graph}"
        response = yield from self._patience.answered(Ask("GET", path, {"Accept": "text/*"}))
        return response.text

    def _explained(
        self, model: type[M], path: str, query: dict[str, int], element: Sequence[int] | None, method: str = "GET"
    ) -> Steps[M]:
        place = {} if element is None else {"element": ",".join(map(str, element))}
        ask = Ask(method, f"{path}?{urlencode({**query, **place})}", {"Accept": "application/json"})
        return read_model(model, (yield from self._patience.answered(ask)))

    def _get(self, model: type[M], *segments: str) -> Steps[M]:
        response = yield from self._patience.answered(Ask("GET", _path(*segments), {"Accept": "application/json"}))
        return read_model(model, response)


def _post(path: str, body: bytes, accept: str, hear: Hear | None = None) -> Ask:
    return Ask("POST", path, {"Accept": accept, "Content-Type": "application/json"}, body, hear=hear)


def _path(*segments: str) -> str:
    return "/".join(quote(segment, safe="") for segment in segments)


def _run_request(source: str, seed: int, overrides: Sequence[Override]) -> bytes:
    try:
        return RunRequest(source=source, seed=seed, overrides=list(overrides)).model_dump_json().encode()
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'source'}: {e['msg']}" for e in error.errors())
        raise InvalidRequest(f"Correct what is to be run: {wrong}.") from error
