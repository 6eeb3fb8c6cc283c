# expect: limit - some megabytes that become half a gigabyte
# kinds: memory,time
import zlib
packer = zlib.compressobj(1); zeros = bytes(1 << 20)
small = b"".join([packer.compress(zeros) for _ in range(512)] + [packer.flush()])
print(len(small)); print(len(zlib.decompress(small)))
