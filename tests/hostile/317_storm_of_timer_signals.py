# expect: ok-isolated - timer signals every microsecond, also while the recording is written
# kinds: ok,time,error,crash,bad-result
import signal, torch
count = 0
def tick(number, frame):
    global count; count += 1
    signal.setitimer(signal.ITIMER_REAL, 1e-6)
signal.signal(signal.SIGALRM, tick); signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)
x = torch.ones(50, requires_grad=True)
for _ in range(30): (x * x).sum().backward()
