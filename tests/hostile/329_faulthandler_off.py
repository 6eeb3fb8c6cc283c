# expect: limit - Python's crash reporter switched off, then a loop in C that hears no signal
# kinds: time
import faulthandler, signal
faulthandler.disable()
for number in (signal.SIGALRM, signal.SIGUSR1, signal.SIGXCPU): faulthandler.unregister(number)
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
(1).__pow__(10 ** 9 + 7, 1 << 40_000); pow(3, 10 ** 12, (1 << 4_000_000) + 1)
