"""The modules that a program may import. A confined child cannot read files, so everything is imported before it is
forked.
"""

import importlib
import logging
import sys
import warnings
from typing import Final

STANDARD: Final = (  # noqa: SIM905
    "abc argparse array ast asyncio atexit base64 bdb bisect builtins bz2 cProfile calendar cmath cmd code codecs "
    "codeop collections collections.abc colorsys concurrent.futures configparser contextlib contextvars copy copyreg "
    "csv dataclasses datetime decimal difflib dis doctest encodings.cp1252 encodings.idna encodings.latin_1 "
    "encodings.raw_unicode_escape encodings.unicode_escape encodings.utf_16 encodings.utf_8_sig enum errno filecmp "
    "fileinput fractions functools gc getopt getpass glob graphlib hashlib heapq html http.server importlib.metadata "
    "inspect io ipaddress itertools json keyword linecache locale logging logging.config logging.handlers lzma mailbox "
    "math modulefinder multiprocessing multiprocessing.connection multiprocessing.dummy multiprocessing.managers "
    "multiprocessing.pool multiprocessing.popen_fork multiprocessing.queues multiprocessing.reduction "
    "multiprocessing.resource_sharer multiprocessing.resource_tracker multiprocessing.shared_memory "
    "multiprocessing.sharedctypes multiprocessing.synchronize numbers operator optparse os os.path pathlib pdb pickle "
    "platform plistlib pprint profile pstats py_compile pyclbr pydoc queue random re reprlib resource rlcompleter "
    "runpy sched secrets selectors shelve shlex shutil signal smtplib socket sqlite3 statistics string stringprep "
    "struct subprocess symtable sys tarfile tempfile termios textwrap threading time timeit token tokenize tomllib "
    "trace traceback tracemalloc types typing unicodedata unittest unittest.mock urllib.parse urllib.request uuid "
    "warnings wave weakref webbrowser xml.dom.minidom xml.etree.ElementTree xmlrpc.client zipapp zipfile zlib zoneinfo"
).split()
"""Modules of the standard library. Some do nothing useful in the sandbox, but importing them must not be the error."""

SCIENTIFIC: Final = (  # noqa: SIM905
    "numpy numpy.fft numpy.linalg numpy.ma numpy.polynomial numpy.random numpy.testing torch torch._dynamo "
    "torch.ao.quantization torch.autograd torch.autograd.forward_ad torch.autograd.functional torch.autograd.graph "
    "torch.autograd.profiler torch.distributed torch.distributions torch.fft torch.func torch.fx torch.hub torch.jit "
    "torch.linalg torch.masked torch.multiprocessing torch.nested torch.nn torch.nn.attention "
    "torch.nn.attention.flex_attention torch.nn.functional torch.nn.init torch.nn.utils "
    "torch.nn.utils.parametrizations torch.nn.utils.parametrize torch.nn.utils.prune torch.nn.utils.rnn torch.onnx "
    "torch.optim torch.optim.lr_scheduler torch.optim.swa_utils torch.overrides torch.profiler torch.quantization "
    "torch.signal torch.sparse torch.special torch.testing torch.utils._python_dispatch torch.utils._pytree "
    "torch.utils.benchmark torch.utils.checkpoint torch.utils.cpp_extension torch.utils.data torch.utils.hooks"
).split()
"""The libraries of the lessons, with every submodule that programs import by name."""

LATE: Final = (  # noqa: SIM905
    "functorch.einops torch._decomp.decompositions_for_jvp torch._dynamo.backends.debugging "
    "torch._functorch._aot_autograd.subclass_codegen torch._inductor.compiler_bisector "
    "torch._inductor.fx_passes.dedupe_symint_uses torch._subclasses.schema_check_mode torch.autograd._functions "
    "torch.fx.experimental.validator torch.masked.maskedtensor._ops_refs torch.nested._internal.ops "
    "torch.nn.modules.linear_cross_entropy torch.profiler._chrome_trace_export torch.utils.serialization "
    "torch.utils.serialization.config"
).split()
"""Modules that functions of torch import only when they are called, for example when a tensor is printed."""

_log = logging.getLogger(__name__)


def import_everything() -> list[str]:
    """Import all of it and return the names that are not there in this version of Python or torch."""
    missing = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in (*STANDARD, *SCIENTIFIC, *LATE):
            try:
                importlib.import_module(name)
            except Exception as error:
                _log.debug("%s cannot be imported: %s", name, error)
                missing.append(name)
    return missing


def forget_warnings() -> None:
    """Let every warning be shown again: a program must not miss one because the warm-up has caused it before."""
    for module in list(sys.modules.values()):
        registry = getattr(module, "__dict__", {}).get("__warningregistry__")
        if isinstance(registry, dict):
            registry.clear()
