# expect: limit - a regular expression that tries two to the fortieth ways
# kinds: time
import re
print(re.match(r"(a+)+$", "a" * 40 + "b"))
