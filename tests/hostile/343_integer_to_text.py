# expect: limit - an integer of a hundred million bits as text, in one call that hears no signal
# kinds: time,memory
import sys
sys.set_int_max_str_digits(0); print(len(str(1 << 100_000_000)))
