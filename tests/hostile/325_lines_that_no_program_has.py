# expect: error - code that claims to stand at line 2147483647 of the program
# kinds: error
import ast, torch
tree = ast.parse("import torch\ny = torch.ones(2) * 2\nraise ValueError(y)")
for at in ast.walk(tree):
    if hasattr(at, "lineno"): at.lineno = at.end_lineno = 2 ** 31 - 1
exec(compile(tree, "program.py", "exec"))
