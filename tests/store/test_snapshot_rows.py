"""A snapshot as rows."""

from typing import Any

import orjson
import pytest

from gradwalk.contract.models import json_of
from gradwalk.contract.snapshot import Iteration, SnapshotHead, Update
from gradwalk.store.compressed_json import CompressedJson
from gradwalk.store.snapshot_rows import TwinRow, as_twin, encode_snapshot, find_tensor
from tests.factories import make_snapshot, make_tensor


def test_compressed_json_is_the_same_json() -> None:
    json = orjson.dumps({"data": list(range(1000))})
    compressed = CompressedJson.of(json)
    assert compressed.json() == json
    assert len(compressed.zstd) < len(json) / 2


def test_gzip_gives_the_same_bytes_every_time() -> None:
    compressed = CompressedJson.of(b"{}" * 1000)
    assert compressed.gzip() == compressed.gzip()


def test_the_head_has_no_bodies() -> None:
    snapshot = make_snapshot(iterations=3)
    head = SnapshotHead.model_validate_json(encode_snapshot(snapshot).head.json())
    assert head == snapshot.head()


def test_every_iteration_is_a_row_that_reads_back() -> None:
    snapshot = make_snapshot(iterations=3)
    rows = encode_snapshot(snapshot).iterations
    assert [Iteration.model_validate_json(row.body.json()) for row in rows] == snapshot.iterations


def test_a_row_knows_its_first_tensor() -> None:
    assert [row.first_tensor for row in encode_snapshot(make_snapshot(iterations=3)).iterations] == [0, 2, 4]


def test_a_tensor_of_several_iterations_is_found_in_the_first_of_them() -> None:
    snapshot = make_snapshot(iterations=3)
    first = snapshot.iterations[0]
    later = [i.model_copy(update={"values": {**first.values, **i.values}}) for i in snapshot.iterations[1:]]
    last = first.model_copy(update={"index": 3})
    rows = encode_snapshot(snapshot.model_copy(update={"iterations": [first, *later, last]})).iterations
    assert [row.first_tensor for row in rows] == [0, 2, 4, None]


def test_a_row_without_tensors_says_so() -> None:
    snapshot = make_snapshot(iterations=1)
    bare = snapshot.iterations[0].model_copy(update={"values": {}})
    rows = encode_snapshot(snapshot.model_copy(update={"iterations": [bare]})).iterations
    assert rows[0].first_tensor is None


def test_large_tensors_are_rows_of_their_own() -> None:
    rows = encode_snapshot(make_snapshot(large=5000)).tensors
    assert [row.number for row in rows] == [4]
    assert len(orjson.loads(rows[0].body.json())["data"]) == 5000


def test_a_tensor_that_holds_the_same_as_another_is_no_second_body() -> None:
    data = [float(i) for i in range(5000)]
    equal, other = make_tensor(8, data), make_tensor(9, data, [50, 100])
    snapshot = make_snapshot(large=5000)
    rows = encode_snapshot(snapshot.model_copy(update={"tensors": {**snapshot.tensors, "t8": equal, "t9": other}}))
    assert [row.number for row in rows.tensors] == [4, 9]
    assert rows.twins == [TwinRow(8, of=4)]
    assert orjson.loads(as_twin(rows.tensors[0].body, 4, 8).json()) == equal.model_dump()


def test_the_size_is_that_of_the_compressed_bytes() -> None:
    rows = encode_snapshot(make_snapshot(iterations=1, large=10))
    parts = (rows.head, rows.iterations[0].body, rows.tensors[0].body)
    assert rows.size == sum(len(part.zstd) for part in parts)


@pytest.mark.parametrize(("tensor_id", "data"), [("t2", [1.5]), ("t3", None)])
def test_a_tensor_is_found_inside_its_iteration(tensor_id: str, data: list[float] | None) -> None:
    body = encode_snapshot(make_snapshot()).iterations[1].body
    found = find_tensor(body, tensor_id)
    assert found is not None
    assert found["data"] == data


def test_a_tensor_in_an_optimizers_state_is_found() -> None:
    tensor = make_tensor(7, [1.0])
    state: dict[str, Any] = {"momentum_buffer": tensor.model_dump()}
    update = Update(
        node="n0", optimizer="SGD", before=make_tensor(5, [1.0]), after=make_tensor(6, [1.0]),
        gradient=None, settings={"lr": 0.1}, state=state, line=1,
    )  # fmt: skip
    snapshot = make_snapshot(iterations=1)
    iteration = snapshot.iterations[0].model_copy(update={"updates": [update]})
    body = encode_snapshot(snapshot.model_copy(update={"iterations": [iteration]})).iterations[0].body
    assert find_tensor(body, "t7") == tensor.model_dump()


def test_a_tensor_that_is_not_there_is_not_found() -> None:
    assert find_tensor(encode_snapshot(make_snapshot()).iterations[1].body, "t0") is None


@pytest.mark.parametrize("number", ["NaN", 0.1, -0.0, 1e-45, 16777217, True, [1.0, "Infinity"], 2**70])
def test_json_is_what_pydantic_writes(number: Any) -> None:
    snapshot = make_snapshot(iterations=2, large=3)
    tensor = make_tensor(9, None).model_copy(update={"data": [number]})
    for model in (snapshot.head(), *snapshot.iterations, tensor):
        written = type(model).model_validate_json(json_of(model))
        assert written == type(model).model_validate_json(model.model_dump_json(by_alias=True))


def test_what_only_begins_like_a_tensor_is_none() -> None:
    """A program puts what it wants into the state of its optimizer."""
    for state in ({"id": "t7", "shape": "x"}, {**make_tensor(7, [1.0]).model_dump(), "data": ["text"]}):
        body = CompressedJson.of(orjson.dumps({"updates": [{"state": state}]}))
        assert find_tensor(body, "t7") is None
