# expect: limit - a trace function that jumps back each time the stop would come
# kinds: time
import sys, signal
for number in range(1, 65):
    try: signal.signal(number, lambda *a: None)
    except (OSError, ValueError): pass
def trace(frame, event, argument):
    sys.settrace = lambda *a: None
    frame.f_trace = trace
    return trace
sys.settrace(trace)
while True:
    try: x = 1
    except BaseException: pass
