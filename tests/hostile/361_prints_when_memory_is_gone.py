# expect: limit - what is printed when no byte is left ends in an error that can be told, not in a crash of Python
# kinds: ok,memory,time
taken, size = [], 1 << 20
while size > 16:
    try:
        while True: taken.append(bytearray(size))
    except MemoryError:
        size //= 2
for k in range(100): print("line %d" % k)
