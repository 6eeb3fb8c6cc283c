# expect: ok-isolated - exit functions, finalizers and weak references that never return: nobody waits for them
# kinds: ok,time
import atexit, weakref, torch
def wait(*a):
    while True: pass
atexit.register(wait)
class Thing: pass
thing = Thing(); weakref.finalize(thing, wait)
import threading; threading._register_atexit(wait) if hasattr(threading, "_register_atexit") else None
print("at the end")
