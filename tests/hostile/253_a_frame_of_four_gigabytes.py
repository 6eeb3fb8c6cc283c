# expect: ok-isolated - a length that nobody would wait for
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

os.write(3, b"I" + struct.pack("<I", 0xFFFFFFFF)); os._exit(0)
