# expect: limit - a suspended generator whose finally never ends when it is let go
# kinds: time,ok
import asyncio
def g():
    try: yield 1
    finally:
        while True: pass
async def a():
    try: await asyncio.sleep(0)
    finally:
        while True: pass
one = g(); next(one); other = a(); other.send(None)
