"""Serve Glifscope to a class: several server processes behind one nginx, until it is told to stop.

`make serve-class` runs it; `docs/serving.md` says what each number is for. It starts every process
by itself and imports nothing of the page: a process that has loaded JAX must not be forked, which
is what `panel serve --num-procs` does.
"""

import asyncio
import importlib.util
import logging
import os
import signal
import sys
import tempfile
from functools import partial
from pathlib import Path
from types import ModuleType

from children import ROOT, Child, is_ready, is_there, tell_nginx, teller
from settings import Settings, environment_of, nginx_conf, read_settings, server_command

PATIENCE_S = 10.0
"""Seconds that a process gets to end by itself."""

_log = logging.getLogger("serve_class")


async def serve(settings: Settings, servers: list[Child], nginx: Child) -> int:
    """Keep them running until a signal comes; 0 where it came, 1 where they cannot be kept."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    keeping = asyncio.create_task(_keep(settings, servers, nginx))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({keeping, stopping}, return_when=asyncio.FIRST_COMPLETED)
    failed = keeping.done() and keeping.exception()
    if isinstance(failed, BaseExceptionGroup):
        _log.error("%s; its own words stand above", failed.exceptions[0])
    else:
        _log.info("Stopping: open pages have %d s", settings.grace)
    await nginx.stop(signal.SIGQUIT, settings.grace + 2.0)  # which takes no new visitor
    await asyncio.gather(*(server.stop(signal.SIGTERM, PATIENCE_S) for server in servers))
    stopping.cancel()
    keeping.cancel()
    await asyncio.gather(keeping, stopping, return_exceptions=True)
    _log.info("Stopped")
    return 1 if failed else 0


async def _keep(settings: Settings, servers: list[Child], nginx: Child) -> None:
    """Start one server, which compiles for all; then the others; then nginx."""
    async with asyncio.TaskGroup() as group:
        for some in (servers[:1], servers[1:], [nginx]):
            for child in some:
                group.create_task(child.keep())
            for child in some:
                await child.ready.wait()
        _log.info("Glifscope is at %s/app", settings.public[0])


def _read(path: str) -> ModuleType:
    """A module of the page that imports the standard library only, without its package."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> int:
    """Serve until SIGTERM, SIGINT or SIGHUP; 0 where it was stopped so."""
    settings = read_settings()
    os.environ.setdefault("GLIFSCOPE_LOG", "json")
    logs = _read("app/glifscope/server/logs.py")
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(levelname)s %(message)s")
    logs.install()
    tell = teller(os.environ["GLIFSCOPE_LOG"] == "json", logs.LONGEST)
    dropped = {}
    with tempfile.TemporaryDirectory(prefix="serve-class-") as folder:
        if os.getuid() == 0:
            _log.warning("It runs as root; a user of its own is safer (docs/serving.md)")
            dropped = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            os.chown(folder, 65534, 65534)
        conf = Path(folder, "nginx.conf")
        conf.write_text(nginx_conf(settings, folder), encoding="utf-8")
        environment = environment_of(settings, dict(os.environ))
        servers = [
            Child(
                f"Server {i}",
                server_command(settings, port),
                environment,
                partial(is_ready, port),
                tell,
            )
            for i, port in enumerate(settings.ports)
        ]
        for server, port in zip(servers, settings.ports, strict=True):
            _log.info("%s listens at port %d", server.name, port)
        nginx = Child(
            "nginx",
            [settings.nginx, "-e", "stderr", "-p", folder, "-c", str(conf)],
            {"PATH": os.defpath},
            partial(is_there, settings.port),
            tell_nginx,
            **dropped,
        )
        return asyncio.run(serve(settings, servers, nginx))


if __name__ == "__main__":
    sys.exit(main())
