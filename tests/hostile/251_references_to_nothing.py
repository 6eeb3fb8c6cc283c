# expect: ok-isolated - steps and gradients of nodes that no graph has
# kinds: bad-result
import json, os, struct
def send(kind, body=b""):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    rest = kind + struct.pack("<I", len(body)) + body
    while rest: rest = rest[os.write(3, rest):]
def answer(**parts): return {"outcome": {"status": "completed", "error": None}, "truncated": None, "graphs": [], "iterations": [], "tensors": {}, **parts}
def node(id, **parts): return {"id": id, "kind": "input", "op": None, "name": "x", "line": 1, "path": [], "group": None, "arguments": {}, "outputs": 1, "failed": False, "requires_grad": False, "autograd": [], **parts}
def graph(nodes, edges=(), groups=()): return {"id": 0, "nodes": nodes, "edges": list(edges), "groups": list(groups)}
def iteration(index, **parts): return {"index": index, "graph": 0, "loss": None, "values": {}, "backward": [], "updates": [], "steps": [], **parts}
def tensor(id, **parts): return {"id": id, "shape": [1], "dtype": "float32", "device": "cpu", "data": [1.0], "stats": None, **parts}

send(b"I", iteration(0, graph=7, values={"n99": [tensor("t0")]}, steps=[{"index": 0, "phase": "forward", "kind": "leaf", "node": "n99", "edges": ["e5"], "line": 1, "pass": 3}]))
send(b"A", answer()); os._exit(0)
