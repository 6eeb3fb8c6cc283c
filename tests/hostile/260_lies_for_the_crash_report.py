# expect: ok-isolated - a crash report that the program wrote itself names its lines at most
# kinds: crash
import os
os.write(4, b'Fatal Python error\n' + b'File "program.py", line 9999999 in <img src=x onerror=alert(1)>\n' * 2000)
os.abort()
