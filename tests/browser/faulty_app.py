"""The page with faults put into it, to see what its visitor is told: for test_trouble.py."""

from pathlib import Path

from glifscope.session import Session
from glifscope.views.spiking import SpikingView

_MAIN = Path(__file__).parents[2] / "app/main.py"
_draw = SpikingView.draw


def _fail_at_7(view, frame):
    if frame.choices.cell.g == 7.0:
        raise RuntimeError("no 7")
    _draw(view, frame)


def _fail(session):
    raise RuntimeError("no port")


SpikingView.draw = _fail_at_7
Session.add_port = _fail
exec(compile(_MAIN.read_text(), _MAIN, "exec"))
