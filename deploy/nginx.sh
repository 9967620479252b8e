#!/bin/sh
# See to an nginx for serving a class: one that is there, else Debian's, else say what to do.
PATH="$PATH:/usr/sbin:/usr/local/sbin"
command -v nginx >/dev/null 2>&1 && exit 0
if command -v apt-get >/dev/null 2>&1; then
    as_root=
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    if $as_root apt-get update -qq && $as_root apt-get install -y -qq nginx-light >/dev/null; then
        # Debian starts it at port 80 at once; serve_class.py runs one of its own.
        $as_root systemctl disable --now nginx >/dev/null 2>&1
        exit 0
    fi
fi
echo "Serving a class, and its tests, need nginx. Install one, such as Debian's package nginx-light," >&2
echo "and run make again." >&2
exit 1
