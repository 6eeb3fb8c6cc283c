"""Each finding is seen in programs that have it and not in those that have not, and healthy programs have none."""

import json
import random
import re
from pathlib import Path
from typing import Any, Final

import pytest

from gradwalk.contract.snapshot import Snapshot
from gradwalk.findings import RULES, examine
from gradwalk.findings.finding import BY_SEVERITY
from gradwalk.findings.finding_rule import Rule
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.sandbox.soundness import GraphIds, graph_is_sound, iteration_is_sound
from tests.findings.mistakes import RIGHT, WRONG, told
from tests.findings.recording import CASES, examined, findings_of, record, snapshot_of

PROGRAMS = sorted(CASES.glob("*/*.py"))
SHOWN = [path for path in PROGRAMS if path.stem.startswith("shows")]
HEALTHY = [
    path
    for folder in ("app/gradwalk/lessons/programs", "docs/programs", "tests/cases", "tests/cases/loops")
    for path in sorted(Path(folder).glob("*.py"))
]

EXPECTED = {
    "app/gradwalk/lessons/programs/accumulating.py": ["missing-zero-grad"],  # the lesson is about it
    "app/gradwalk/lessons/programs/dead-relu.py": [
        "dead-relu"
    ],  # the lesson is about it, and its text names the finding
    "app/gradwalk/lessons/programs/weight-decay.py": ["gradient-zero"],  # its `v` is there to fade without a gradient
    "tests/cases/grad_of_several_inputs.py": ["unused-parameter"],  # its leaf `unused` is there to be unused
    "tests/cases/module_list_and_dict.py": ["dead-relu"],  # all 6 inputs of its relu are negative for this seed
    "tests/cases/loops/for_else.py": ["learning-rate-too-large"],  # its loss rises from 64 to 89 million
    "tests/cases/loops/layers_in_a_dictionary.py": ["equal-initialisation"],  # its weights start as ones
    "tests/cases/loops/layers_in_an_object.py": ["equal-initialisation"],  # its weights start as ones
}
"""What is found in healthy programs, and why that is no false alarm."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_rule_has_programs_that_show_it_and_that_do_not(rule: type[Rule]) -> None:
    names = {path.stem.partition("_")[0] for path in (CASES / rule.code).glob("*.py")}
    assert {"shows", "mended"} <= names <= {"shows", "mended", "fine"}


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_program_that_follows_the_advice_has_no_finding_left(path: Path) -> None:
    mended = path.with_stem(path.stem.replace("shows", "mended", 1))
    assert [finding.code for finding in findings_of(path)] == [path.parent.name], "one cause is one finding"
    assert [finding.code for finding in findings_of(mended)] == []
    error = snapshot_of(mended).outcome.error
    assert error is None, error


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_a_typical_mistake_is_told_with_its_cause_and_cure(path: Path) -> None:
    (one,) = [each for each in told() if each.name == path.stem]
    assert one.caught, [finding.why for finding in findings_of(path)]


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_a_right_program_has_no_finding(path: Path) -> None:
    assert [finding.code for finding in findings_of(path)] == []
    error = snapshot_of(path).outcome.error
    assert error is None, error


def test_there_are_no_other_programs() -> None:
    assert {path.parent.name for path in PROGRAMS} == {rule.code for rule in RULES}
    assert len({rule.code for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_finding_is_seen_where_it_is_and_nowhere_else(path: Path) -> None:
    codes = [finding.code for finding in findings_of(path)]
    assert (path.parent.name in codes) == path.stem.startswith("shows"), codes
    if not path.stem.startswith("shows"):
        assert codes == []


@pytest.mark.parametrize("path", HEALTHY, ids=lambda path: path.stem)
def test_a_healthy_program_has_none(path: Path) -> None:
    assert [finding.code for finding in findings_of(path)] == EXPECTED.get(str(path), [])


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_findings_point_into_the_snapshot_and_speak_in_sentences(path: Path) -> None:
    source = path.read_text("utf-8")
    snapshot = snapshot_of(path)
    for finding in findings_of(path):
        assert finding.line is not None
        assert source.splitlines()[finding.line - 1].strip()
        assert finding.graph is not None
        nodes = {node.id for node in snapshot.graphs[finding.graph].nodes}
        assert {finding.node, *finding.others} <= nodes
        assert finding.iteration is not None
        assert snapshot.iterations[finding.iteration].graph == finding.graph
        assert 1 <= finding.iterations <= len(snapshot.iterations)
        for sentence in (finding.why, finding.todo):
            assert sentence.endswith(".")
            assert "  " not in sentence
            assert ". " not in sentence.replace(". .", "")
            assert not re.search(r"(?<!\w)-\d", sentence), "the minus of a number is a minus sign"
        assert not re.search(r"\de-\d", finding.why)


def test_an_old_gradient_is_told_with_all_that_was_added_to_it() -> None:
    (found,) = findings_of(CASES / "missing-zero-grad/shows_two_passes.py")
    assert "backward added 3 to 3, and the update uses 6" in found.why


def test_the_worst_comes_first() -> None:
    found = findings_of(next(path for path in WRONG if path.stem == "accuracy_wrong"))
    ranks = [BY_SEVERITY[finding.severity] for finding in found]
    assert len(ranks) > 1
    assert ranks == sorted(ranks)


class _Failing(RULES[0]):  # type: ignore[misc,valid-type]
    code = "fails-always"

    def look(self, iteration: IndexedIteration) -> None:
        """Never comes back."""
        raise ValueError(iteration.index)


def test_a_rule_that_fails_is_told_of_and_the_others_are_heard(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    snapshot = record((CASES / "dead-relu" / "shows_one_neuron.py").read_text())
    monkeypatch.setattr("gradwalk.findings.examination.RULES", (_Failing, *RULES))
    assert [finding.code for finding in examine(snapshot.head(), snapshot.iterations)] == ["dead-relu"]
    assert "fails-always" in caplog.text


# ------------------------------------------------------------------ forged snapshots


def _wrong_ids(document: Any, chance: random.Random) -> None:
    for graph in document["graphs"]:
        for edge in graph["edges"]:
            if chance.random() < 0.3:
                edge[chance.choice(["source", "target"])] = f"n{chance.randrange(12)}"
            edge["output"] = chance.choice([edge["output"], 2**30])
        for group in graph["groups"]:
            group["parent"] = group["id"]
    for iteration in document["iterations"]:
        iteration["graph"] = chance.choice([iteration["graph"], 7])
        for each in iteration["backward"]:
            each["root"]["node"] = chance.choice([each["root"]["node"], "n999999999"])


def _no_numbers(document: Any, chance: random.Random) -> None:
    for tensor in _tensors(document):
        if chance.random() < 0.4:
            tensor["data"] = None
        elif chance.random() < 0.2:
            tensor["data"] = chance.choice([[], ["NaN"], [[1.0, 2.0]], [2**60], [True] * 3])


def _lying_shapes(document: Any, chance: random.Random) -> None:
    for tensor in _tensors(document):
        if chance.random() < 0.5:
            tensor["shape"] = chance.choice([[], [2**62, 2**62], [0], [1] * 100, [3, 1]])
            tensor["dtype"] = chance.choice(["float32", "int64", "bool", "complex64", "bfloat16"])


def _missing_parts(document: Any, chance: random.Random) -> None:
    for iteration in document["iterations"]:
        iteration["loss"] = chance.choice([None, "NaN", "Infinity", 2**63])
        for part in (iteration["values"], *(each["gradients"] for each in iteration["backward"])):
            for name in list(part):
                part[name] = chance.choice([part[name], [], part[name] * 3])
        for each in iteration["backward"]:
            each["contributions"] = {k: v for k, v in each["contributions"].items() if chance.random() < 0.5}
            each["accumulated"] = {k: v for k, v in each["accumulated"].items() if chance.random() < 0.5}
        for update in iteration["updates"]:
            update["settings"] = chance.choice([{}, {"lr": "x" * 9}, {"lr": None, "momentum": []}, {"lr": [1, {}]}])


def _odd_names(document: Any, chance: random.Random) -> None:
    for graph in document["graphs"]:
        for node in graph["nodes"]:
            node["name"] = chance.choice(["x" * 100_000, "\x00\u202e(", "", "a\nb", None])
            node["op"] = chance.choice([node["op"], None, "relu", "cross_entropy", "mul", "log", "detach"])
            node["arguments"] = {"min": chance.choice([0, "x", None, [[]]]), "training": chance.choice([True, 3, "no"])}
            node["line"] = chance.choice([None, -5, 2**31 - 1, 3])
            node["kind"] = chance.choice(["parameter", "input", "buffer", "operation"])
            node["requires_grad"] = chance.random() < 0.5


def _tensors(document: Any) -> list[Any]:
    found, waiting = [], [document["iterations"]]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if "dtype" in part and "shape" in part:
                found.append(part)
            waiting += part.values()
        elif isinstance(part, list):
            waiting += [inner for inner in part if isinstance(inner, dict | list)]
    return found


FORGERIES: Final = {
    "wrong-ids": _wrong_ids,
    "no-numbers": _no_numbers,
    "lying-shapes": _lying_shapes,
    "missing-parts": _missing_parts,
    "odd-names": _odd_names,
}
FORGED: Final = (
    "broadcast-in-loss/shows.py",
    "dead-relu/shows.py",
    "first-nan/shows_log.py",
    "gradient-none/shows_detach.py",
    "missing-zero-grad/shows.py",
)


@pytest.mark.parametrize("forgery", FORGERIES)
@pytest.mark.parametrize("path", FORGED)
def test_a_forged_snapshot_is_refused_or_every_rule_can_look_at_it(path: str, forgery: str) -> None:
    written = record((CASES / path).read_text("utf-8")).model_dump_json(by_alias=True)
    refused = 0
    for seed in range(6):
        document = json.loads(written)
        FORGERIES[forgery](document, random.Random(seed))
        forged = Snapshot.model_validate_json(json.dumps(document))
        if not _is_sound(forged):
            refused += 1
            continue
        for finding in examined(forged):
            assert len(finding.why) + len(finding.todo) <= 1200
            assert len(finding.others) <= 50
    if forgery in ("wrong-ids", "lying-shapes", "odd-names"):
        assert refused == 6


def _is_sound(snapshot: Snapshot) -> bool:
    ids = [GraphIds.of(graph) for graph in snapshot.graphs]
    return all(graph_is_sound(graph, i) for i, graph in enumerate(snapshot.graphs)) and all(
        iteration_is_sound(body, i, ids) for i, body in enumerate(snapshot.iterations)
    )
