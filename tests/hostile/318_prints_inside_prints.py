# expect: ok-isolated - a signal handler that prints in the middle of a print: no frame is torn
# kinds: ok,output,time,bad-result,error
import signal
def tick(number, frame): print("inner", end="")
signal.signal(signal.SIGVTALRM, tick); signal.setitimer(signal.ITIMER_VIRTUAL, 1e-4, 1e-4)
for i in range(300): print("o" * 150)
signal.setitimer(signal.ITIMER_VIRTUAL, 0)
