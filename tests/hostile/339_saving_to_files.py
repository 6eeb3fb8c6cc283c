# expect: blocked - everything in torch, numpy and the library that saves to a file
# kinds: ok
import csv, logging, numpy as np, pathlib, pickle, shutil, tempfile, torch, zipfile
x = torch.ones(2)
ways = (lambda: torch.save(x, "ESCAPE.pt"), lambda: np.save("/tmp/ESCAPE.npy", x.numpy()), lambda: np.memmap("/tmp/ESCAPE", dtype=np.uint8, mode="w+", shape=9), lambda: x.numpy().tofile("/dev/shm/ESCAPE"),
        lambda: tempfile.NamedTemporaryFile(), lambda: tempfile.mkdtemp(), lambda: pathlib.Path("/data/ESCAPE").touch(), lambda: zipfile.ZipFile("ESCAPE.zip", "w"), lambda: logging.FileHandler("ESCAPE.log"),
        lambda: torch.from_file("/tmp/ESCAPE", shared=True, size=10), lambda: shutil.copy("/etc/passwd", "/tmp/ESCAPE"), lambda: torch.jit.script(torch.nn.ReLU()).save("ESCAPE.pt"))
for way in ways:
    try: way(); print("ESCAPED")
    except Exception as e: print("blocked", type(e).__name__)
