import subprocess
import sys

ENTER = """
import os, socket
from gradwalk.sandbox import namespaces
before = socket.if_nameindex()
entered = namespaces.enter()
if entered:
    names = [name for _, name in socket.if_nameindex()]
    assert names in ([], ["lo"]), names
    user = os.geteuid()
    if namespaces.empty_root():
        assert os.listdir("/") == []
    assert os.geteuid() == user
else:
    assert socket.if_nameindex() == before
    assert os.path.exists("/proc")
print("held")
"""


def test_entering_leaves_the_network_and_the_files_or_changes_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", ENTER], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("held\n", "")
