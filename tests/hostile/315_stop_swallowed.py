# expect: limit - the soft stop caught again and again, also by a context manager and a generator
# kinds: time
from contextlib import contextmanager, suppress
@contextmanager
def swallow():
    while True:
        try: yield
        except BaseException: pass
        finally: pass
        return
while True:
    try:
        with suppress(BaseException), swallow():
            while True: pass
    except BaseException: continue
