# expect: error - a comparison that changes the list that is being sorted
# kinds: error
import torch
class C:
    def __lt__(self, other): items.append(other); return True
items = [C() for _ in range(100)]
items.sort()
