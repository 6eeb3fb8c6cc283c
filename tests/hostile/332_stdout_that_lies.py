# expect: ok-isolated - sys.stdout, sys.stderr and print and isinstance replaced by things that raise: the recorder cannot work, nobody else minds
# kinds: ok,error,no-result
import builtins, sys
class Out:
    def write(self, text): raise OSError("no")
    def flush(self): raise OSError("no")
    def __getattr__(self, name): raise AttributeError(name)
sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = Out()
builtins.print = builtins.open = builtins.isinstance = None
raise ValueError("told all the same")
