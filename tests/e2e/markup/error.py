import torch

BAD = "<img src=x onerror=ran=1><script>ran=2</script>javascript:ran=3\x1b[31m\x1b]0;title\x07\u202e\u2066"
x = torch.ones(2, requires_grad=True)
y = x * 2


def fail(v):
    v + 1
    raise type(BAD, (Exception,), {})(BAD)


fail.__code__ = fail.__code__.replace(co_name=BAD)
fail(y)
