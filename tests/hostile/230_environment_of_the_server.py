# expect: blocked - neither its own memory nor what it was started with holds anything of the server
# kinds: ok
import ctypes, gc, os, sys
prefix = "gradwalk-" + "canary-"
libc = ctypes.CDLL(None); environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
texts = []
i = 0
while environ[i]: texts.append(environ[i].decode()); i += 1
# and what lies behind it on the stack, up to its end
at = ctypes.cast(environ[i - 1], ctypes.c_void_p).value or 0
texts += [ctypes.string_at(environ[j]).decode("latin-1") for j in range(i)] + sys.orig_argv + [f"{k}={v}" for k, v in os.environ.items()]
def walk(o, depth=0):
    if isinstance(o, (str, bytes)) and depth: texts.append(o if isinstance(o, str) else o.decode("latin-1"))
    elif depth < 3:
        for p in gc.get_referents(o)[:200]: walk(p, depth + 1)
for o in gc.get_objects()[:40_000]:
    if isinstance(o, dict): walk(o, 1)
found = {t for t in texts if prefix in t and t != prefix or t.startswith(("GRADWALK_", "AWS_", "SSH_"))}
print("ESCAPED" if found else "nothing", found)
