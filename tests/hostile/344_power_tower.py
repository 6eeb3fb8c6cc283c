# expect: limit - a power of a power of a power
# kinds: time,memory
print(9 ** 9 ** 9 % 10)
