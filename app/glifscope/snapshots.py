"""Named snapshots: places to come back to, kept in the visitor's own browser."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import panel as pn
import panel_material_ui as pmui
import param
from panel.custom import JSComponent

from .buttons import cross
from .page_text import html, notices, show
from .session import Session
from .url_state import LONGEST, open_query, to_query

MOST = 30
LONGEST_NAME = 60
_LONGEST_TEXT = 12 * MOST * LONGEST  # a letter can take twelve


class Snapshot(NamedTuple):
    """A name, and the query of a URL that leads back."""

    name: str
    query: str


def written(snapshots: tuple[Snapshot, ...]) -> str:
    """The snapshots as text."""
    return json.dumps(snapshots)


def read(text: str) -> tuple[Snapshot, ...]:
    """The snapshots that a text holds; what is none is left out."""
    if len(text) > _LONGEST_TEXT:
        return ()
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    pairs = found if isinstance(found, list) else []
    return tuple(
        Snapshot(_plain(pair[0]), pair[1])
        for pair in pairs[:MOST]
        if isinstance(pair, list)
        and len(pair) == 2
        and all(isinstance(x, str) for x in pair)
        and len(pair[1]) <= LONGEST
    )


def _plain(name: str) -> str:
    """A name that can be shown and does nothing else: letters that turn the line are blanks."""
    return "".join(c if c.isprintable() else " " for c in name[:LONGEST_NAME]).strip() or "Snapshot"


class Shelf(JSComponent):
    """An invisible element of the page that keeps a text in the browser."""

    text = param.String(default="", doc="What is kept.")

    _esm = Path(__file__).with_name("shelf.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**({"width": 0, "height": 0, "margin": 0} | params))


class SnapshotsView(pn.viewable.Viewer):
    """Keep the page as it is under a name; go back to what was kept."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.snapshots: tuple[Snapshot, ...] = ()
        self.shelf = Shelf()
        self.entry = pmui.TextInput(
            label="Name of a snapshot",
            description="For what is chosen now, in all workspaces; left empty, it is numbered",
            max_length=LONGEST_NAME,
            size="small",
            sizing_mode="stretch_width",
            margin=(8, 10, 4, 10),
        )
        self.keep = pmui.Button(label="Keep", variant="outlined", size="small", margin=(2, 10))
        self._rows = pn.Column(sizing_mode="stretch_width", margin=0)
        self._told = html(visible=False, margin=(0, 10))
        self.keep.on_click(lambda _: self._keep())
        self.shelf.param.watch(lambda e: self._show(read(e.new)), "text")
        self._show(())

    def _keep(self) -> None:
        name = _plain(self.entry.value.strip() or f"Snapshot {len(self.snapshots) + 1}")
        others = tuple(s for s in self.snapshots if s.name != name)
        if len(others) >= MOST:
            message = f"There are {MOST} snapshots; take one away to keep another."
            show(self._told, notices([message], "warning"))
            return
        query = to_query(self._session)
        if len(query) > LONGEST:
            message = (
                f"This takes {len(query)} letters; a snapshot holds {LONGEST}. Take away some of "
                "the typed spikes or the pinned run."
            )
            show(self._told, notices([message], "warning"))
            return
        self._write((*others, Snapshot(name, query)))
        self.entry.value = ""

    def _write(self, snapshots: tuple[Snapshot, ...]) -> None:
        show(self._told, "")
        self._show(snapshots)
        self.shelf.text = written(snapshots)

    def _open(self, snapshot: Snapshot) -> None:
        told = open_query(self._session, snapshot.query)
        show(self._told, notices(told, "warning"))

    def _show(self, snapshots: tuple[Snapshot, ...]) -> None:
        if snapshots == self.snapshots and self._rows.objects:
            return
        self.snapshots = snapshots
        if not snapshots:
            hint = "None yet. They stay in this browser; a link carries the page to another one."
            self._rows[:] = [html(f'<p class="caption">{hint}</p>', margin=(4, 10))]
        else:
            self._rows[:] = [self._row(snapshot) for snapshot in snapshots]

    def _row(self, snapshot: Snapshot) -> Any:
        back = pmui.Button(
            label=snapshot.name,
            variant="text",
            size="small",
            margin=(0, 4),
            sizing_mode="stretch_width",
            sx={"justifyContent": "flex-start", "textTransform": "none"},
        )
        gone = cross(f"Take away {snapshot.name}")
        back.on_click(lambda _: self._open(snapshot))
        gone.on_click(lambda _: self._write(tuple(s for s in self.snapshots if s is not snapshot)))
        return pn.Row(back, gone, sizing_mode="stretch_width", margin=0)

    def __panel__(self) -> Any:
        return pn.Column(
            self.entry,
            self.keep,
            self._told,
            self._rows,
            self.shelf,
            sizing_mode="stretch_width",
            margin=0,
        )
