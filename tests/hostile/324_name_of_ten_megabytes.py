# expect: error - functions, files and errors with names of ten megabytes
# kinds: error,memory
def f(): raise type("E" * 10_000_000, (Exception,), {})("m" * 10_000_000)
f.__code__ = f.__code__.replace(co_name="n" * 10_000_000, co_qualname="q" * 10_000_000) if hasattr(f.__code__, "co_qualname") else f.__code__.replace(co_name="n" * 10_000_000)
f()
