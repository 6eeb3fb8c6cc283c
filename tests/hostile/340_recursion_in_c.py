# expect: limit - a tower of iterators, each asking the one below inside C code
# kinds: crash,error,memory,time
x = iter(range(3))
for _ in range(2_000_000): x = map(str, x)
next(x)
