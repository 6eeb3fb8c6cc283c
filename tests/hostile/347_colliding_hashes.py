# expect: limit - a dictionary whose keys all have one hash
# kinds: time,ok
class K:
    def __hash__(self): return 7
    def __eq__(self, other): return self is other
d = {K(): i for i in range(1_000_000)}
