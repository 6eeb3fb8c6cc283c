# expect: error - interrupts that the program sends to itself, in the recorder too
# kinds: error,ok
import _thread, signal, torch
x = torch.ones(2, requires_grad=True)
for i in range(200):
    try: (x * x).sum().backward(); _thread.interrupt_main(); x = (x * 2).detach().requires_grad_()
    except KeyboardInterrupt: pass
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR2): 
    try: _thread.interrupt_main(number)
    except (KeyboardInterrupt, ValueError): pass
raise KeyboardInterrupt
