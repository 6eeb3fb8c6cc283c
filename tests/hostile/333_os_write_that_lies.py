# expect: ok-isolated - the function that carries the frames doubles, swallows and tears them
# kinds: ok,bad-result,no-result,time,error
import os
real = os.write
turn = 0
def write(fd, data):
    global turn; turn += 1
    return real(fd, bytes(data)[:3]) and len(data) if turn % 2 else real(fd, bytes(data) * 2) and len(data)
os.write = write
for i in range(20): print(i)
