# expect: ok-isolated - the channel closed, then a loop for ever
# kinds: no-result,time
import os
os.close(3)
while True: pass
