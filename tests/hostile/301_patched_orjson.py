# expect: ok-isolated - the recorder's JSON replaced by one that lies
# kinds: ok,error,bad-result,no-result
import orjson, json, sys
orjson.dumps = lambda *a, **k: b'{"outcome":"perfect"}'
json.dumps = json.loads = None
print("patched")
