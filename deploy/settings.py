"""How a class is served: what is asked for, and the commands and nginx.conf that follow from it."""

import argparse
import os
import secrets
import shutil
import socket
import string
import sys
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

_HERE = Path(__file__).parent

MINUTE_MS = 60_000
CHECK_MS = 5_000
"""How often sessions without a page are looked through: a full server waits for that."""

KEEP_ALIVE_MS = 20_000
"""Between two pings. What is on the way cuts a connection that is silent for a minute or more."""

TOKEN_S = 12 * 3600
"""How long after it was opened a page may connect anew: a day in class."""

MESSAGE_BYTES = 20 * 1024 * 1024
"""Of one websocket message. A file comes in parts of 10 MiB, so this is no limit to files."""


class Settings(NamedTuple):
    """What is asked for.

    Attributes:
        port: where nginx listens, and at which addresses.
        bind: the address of this machine where it listens; empty for all.
        ports: of the server processes, on the loopback.
        public: the addresses that visitors type, the first one for the log.
        lifetime: of a session without a page, minutes.
        grace: seconds that open pages have when it is stopped.
        certificate: for TLS, with `key`; None where a proxy before this one sees to that.
        key: of the certificate.
        nginx: where the program is.
    """

    port: int
    bind: str
    ports: list[int]
    public: list[str]
    lifetime: float
    grace: int
    certificate: Path | None
    key: Path | None
    nginx: str


def read_settings(arguments: list[str] | None = None) -> Settings:
    """What the command line asks for; where it cannot be, the reason and an end."""
    parser = argparse.ArgumentParser(
        prog="serve_class.py",
        description="Serve Glifscope to a class: several processes behind nginx.",
        epilog="docs/serving.md says more.",
    )
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    add = parser.add_argument
    add("--port", type=int, default=5006, help="where nginx listens")
    add("--bind", default="", help="address of this machine to listen at (default: every one)")
    add("--processes", type=_positive, default=cores or 1, help="default: one for each core")
    add("--public", action="append", default=[], metavar="URL",
        help="address that visitors type, such as https://glif.example.edu; may be repeated "
             "(default: this machine's names)")  # fmt: skip
    add("--lifetime", type=float, default=10.0, metavar="MINUTES",
        help="how long the server remembers a page that has gone (default: 10)")  # fmt: skip
    add("--grace", type=int, default=5, metavar="SECONDS",
        help="how long open pages go on when it is stopped (default: 5)")  # fmt: skip
    add("--certificate", type=Path, help="for TLS, with --key (default: none, plain HTTP)")
    add("--key", type=Path)
    asked = parser.parse_args(arguments)
    if (asked.certificate is None) != (asked.key is None):
        parser.error("--certificate and --key come together.")
    scheme = "https" if asked.certificate else "http"
    public = asked.public or [f"{scheme}://{name}:{asked.port}" for name in own_names()]
    for address in public:
        if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).netloc:
            parser.error(f"--public {address} must begin with http:// or https://")
    if len({urlsplit(address).scheme for address in public}) > 1:
        parser.error("The addresses of --public must all be http, or all https.")
    return Settings(
        port=asked.port,
        bind=asked.bind,
        ports=free_ports(asked.processes),
        public=[address.rstrip("/") for address in public],
        lifetime=asked.lifetime,
        grace=asked.grace,
        certificate=asked.certificate and asked.certificate.resolve(),
        key=asked.key and asked.key.resolve(),
        nginx=find_nginx() or sys.exit(NO_NGINX),
    )


NO_NGINX = "nginx is needed to serve a class; on Debian: apt-get install nginx-light"


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def find_nginx() -> str | None:
    """Where nginx is; Debian puts it where only root looks."""
    places = (os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin")
    return shutil.which("nginx", path=os.pathsep.join(places))


def free_ports(number: int) -> list[int]:
    """Ports of the loopback that nobody listens at."""
    sockets = [socket.socket() for _ in range(number)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def own_names() -> list[str]:
    """What this machine is called, by itself and by others."""
    names = ["localhost", "127.0.0.1", socket.gethostname(), socket.getfqdn()]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outward:
        try:
            outward.connect(("192.0.2.1", 9))  # nothing is sent; it tells our own address
            names.append(outward.getsockname()[0])
        except OSError:  # no network
            pass
    return list(dict.fromkeys(name.lower() for name in names if name))


def server_command(settings: Settings, port: int) -> list[str]:
    """`panel serve` for one process."""
    numbers = {
        "--port": port,
        "--address": "127.0.0.1",
        "--unused-session-lifetime": round(settings.lifetime * MINUTE_MS),
        "--check-unused-sessions": CHECK_MS,
        "--session-token-expiration": TOKEN_S,
        "--keep-alive": KEEP_ALIVE_MS,
        "--websocket-max-message-size": MESSAGE_BYTES,
    }
    return [
        *(sys.executable, "-m", "panel", "serve", "app", "--use-xheaders"),
        *(f"{flag}={value}" for flag, value in numbers.items()),
        *(f"--allow-websocket-origin={urlsplit(address).netloc}" for address in settings.public),
        *([f"--basic-login-template={_HERE / 'login.html'}"] if _has_password() else []),
    ]


def _has_password() -> bool:
    return "PANEL_BASIC_AUTH" in os.environ


def environment_of(settings: Settings, given: dict[str, str]) -> dict[str, str]:
    """What every process has in its environment: one secret, one cache, and what was given."""
    ours = {
        "BOKEH_RESOURCES": "server",
        "BOKEH_SIGN_SESSIONS": "yes",
        "BOKEH_SECRET_KEY": secrets.token_urlsafe(32),
        "GLIFSCOPE_LOG": "json",
        "JAX_COMPILATION_CACHE_DIR": str(Path.home() / ".cache" / "glifscope"),
        "PYTHONUNBUFFERED": "1",
    }
    if "PANEL_BASIC_AUTH" in given or "PANEL_OAUTH_PROVIDER" in given:
        ours["PANEL_COOKIE_SECRET"] = secrets.token_urlsafe(32)
    return ours | given


class _Template(string.Template):
    """With @{...}, because $ is nginx's."""

    delimiter = "@"


def nginx_conf(settings: Settings, folder: str) -> str:
    """The configuration of nginx, which keeps everything in this folder."""
    servers = [f"127.0.0.1:{port}" for port in settings.ports]
    line = "server {} max_fails=0{};".format
    each = "".join(
        f"    upstream process_{i} {{\n        "
        + "\n        ".join(
            line(server, "" if server == servers[i] else " backup")
            for server in sorted(servers, key=servers[i].__ne__)
        )
        + "\n    }\n"
        for i in range(len(servers))
    )
    ancestors = os.environ.get("GLIFSCOPE_FRAME_ANCESTORS", "'none'")
    is_https = urlsplit(settings.public[0]).scheme == "https"
    framed = ancestors != "'none'" and is_https
    tls = f"ssl_certificate {settings.certificate};\n        ssl_certificate_key {settings.key};"
    own = f"{settings.bind}:{settings.port}" if settings.bind else str(settings.port)
    text = (_HERE / "nginx.conf").read_text(encoding="utf-8")
    return _Template(text).substitute(
        folder=folder,
        grace=settings.grace,
        all="\n".join(f"        {line(server, '')}" for server in servers),
        each=each,
        process_of_cookie="\n".join(f"        {i} process_{i};" for i in range(len(servers))),
        process_of_address="\n".join(
            f'        "~:{port}$" {i};' for i, port in enumerate(settings.ports)
        ),
        cookie=("; SameSite=None" if framed else "; SameSite=Lax") + "; Secure" * is_https,
        scheme="https" if is_https else "http",
        listen=own + (" ssl" if settings.certificate else ""),
        tls=tls if settings.certificate else "",
        ancestors=ancestors,
    )
