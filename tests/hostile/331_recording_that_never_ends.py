# expect: limit - the limits of the recording raised, then a recording of gigabytes
# kinds: bad-result,ok,time,memory
import gc, torch
import gradwalk.recorder.recording as recording
for o in gc.get_objects():
    if type(o).__name__ == "Recording":
        o.limits = type(o.limits)(1 << 40, 1 << 40, 1 << 40, 1 << 40)
x = torch.randn(1 << 20)
while True: x = x * 1.5
