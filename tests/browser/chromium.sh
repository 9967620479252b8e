#!/bin/sh
# See to a Chromium for the browser tests: one that is there, else Debian's, else say what to do.
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if command -v apt-get >/dev/null 2>&1; then
    as_root=
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    $as_root apt-get update -qq && $as_root apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "The browser tests need Chromium or Chrome on the PATH. Install one, such as Debian's package" >&2
echo "chromium, and run make test again." >&2
exit 1
