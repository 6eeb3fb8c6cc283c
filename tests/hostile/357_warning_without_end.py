# expect: ok-isolated - warnings whose class, text, file and line are the program's own
# kinds: ok,output,error
import warnings
W = type("<script>alert(1)</script>", (UserWarning,), {})
warnings.warn_explicit("\x1b]0;title\x07 javascript:alert(1)", W, "/etc/passwd", 1)
warnings.warn_explicit("here", W, "program.py", 10 ** 9)
class Evil(str):
    def __str__(self): raise ValueError("no")
try: warnings.warn(Evil("x"))
except ValueError: print("raised")
for i in range(10_000): warnings.warn_explicit("flood %d" % i + "w" * 1000, W, "program.py", i)
