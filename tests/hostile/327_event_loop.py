# expect: error - asyncio needs sockets, which are not there
# kinds: error,ok
import asyncio
async def main():
    await asyncio.gather(*(asyncio.to_thread(print, "ESCAPED thread") for _ in range(3)))
asyncio.run(main())
