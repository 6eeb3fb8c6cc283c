# expect: limit - a number printed ten thousand million columns wide
# kinds: memory,error
print(f"{1:>{10 ** 10}}"[:10])
