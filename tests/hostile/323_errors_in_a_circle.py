# expect: error - a chain of causes that leads back, with ten thousand frames
# kinds: error
import sys
sys.setrecursionlimit(20_000)
def deep(n):
    if n: deep(n - 1)
    raise ValueError("deep")
first, second = ValueError("first"), KeyError("second")
first.__cause__ = second; second.__cause__ = first; first.__context__ = first
try: deep(5000)
except ValueError as e: raise first.with_traceback(e.__traceback__)
