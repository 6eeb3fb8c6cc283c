import json
import os
import struct

BAD = "<img src=x onerror=ran=1><script>ran=2</script>javascript:ran=3\x1b[31m\x1b]0;title\x07\u202e\u2066"


def send(kind, body):
    data = json.dumps(body).encode()
    rest = kind + struct.pack("<I", len(data)) + data
    while rest:
        rest = rest[os.write(3, rest) :]


def tensor(number):
    return {"id": f"t{number}", "shape": [1], "dtype": "float32", "device": BAD, "data": [1.0], "stats": None}


def node(number, kind, op):
    return {
        "id": f"n{number}", "kind": kind, "op": op, "name": BAD, "line": 1, "path": [{"line": 1, "function": BAD}],
        "group": "g0", "arguments": {BAD: BAD, "deep": [{BAD: BAD}]}, "outputs": 1, "failed": number == 1,
        "requires_grad": True, "autograd": [{"name": BAD, "saved": [BAD]}],
    }  # fmt: skip


def step(index, phase, kind, at, edges, which):
    return {"index": index, "phase": phase, "kind": kind, "node": at, "edges": edges, "line": 1, "pass": which}


send(b"C", {"stream": "stdout", "text": BAD, "line": 1})
send(b"I", {
    "index": 0, "graph": 0, "loss": 1.0, "values": {"n0": [tensor(0)], "n1": [tensor(1)]}, "inside": {"n1": {BAD: tensor(2)}},
    "backward": [{
        "root": {"node": "n1", "output": 0}, "roots": [], "seeds": {"n1": [tensor(3)]}, "gradients": {"n1": [tensor(4)]},
        "contributions": {"e0": tensor(5)}, "accumulated": {"n0": tensor(6)}, "line": 1,
    }],
    "updates": [{
        "node": "n0", "optimizer": BAD, "before": tensor(7), "after": tensor(8), "gradient": tensor(9),
        "settings": {BAD: BAD, "lr": BAD}, "state": {BAD: BAD, "deep": {BAD: [BAD]}}, "line": 1,
    }],
    "steps": [
        step(0, "forward", "leaf", "n0", [], None), step(1, "forward", "operation", "n1", ["e0"], None),
        step(2, "backward", "backward", "n1", ["e0"], 0), step(3, "backward", "accumulate", "n0", [], 0),
        step(4, "update", "update", "n0", [], None),
    ],
})  # fmt: skip
send(b"A", {
    "outcome": {"status": "failed", "error": {
        "type": BAD, "message": BAD, "line": 1, "frames": [{"line": 1, "function": BAD}], "phase": "forward",
        "node": "n1", "hint": BAD,
    }},
    "truncated": {"reason": BAD, "recorded_steps": 5}, "iterations": [], "tensors": {},
    "graphs": [{
        "id": 0, "nodes": [node(0, "parameter", None), node(1, "operation", BAD)],
        "edges": [{"id": "e0", "source": "n0", "output": 0, "target": "n1", "argument": BAD}],
        "groups": [{"id": "g0", "parent": None, "kind": "module", "name": BAD, "type": BAD}],
    }],
})  # fmt: skip
os._exit(0)
