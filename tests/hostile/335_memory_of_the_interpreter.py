# expect: ok-isolated - None, True and the type of all types overwritten with zeros
# kinds: crash,time,no-result,ok,error,bad-result
import ctypes
for o in (True, None, type, int, str, print): ctypes.memset(id(o), 0, 64)
