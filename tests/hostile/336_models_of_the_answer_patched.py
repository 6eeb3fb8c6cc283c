# expect: ok-isolated - the answer's own classes say that all is well
# kinds: ok,bad-result,no-result,error
import gradwalk.contract.snapshot as s
for name in ("Outcome", "Recorded", "ErrorReport"):
    cls = getattr(s, name)
    cls.model_copy = lambda self, **k: self
    cls.json_fields = lambda self: {"outcome": {"status": "perfect <script>", "error": None}}
raise ValueError("not well")
