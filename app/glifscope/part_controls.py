"""The controls of one part of the stimulus: its numbers, its port, its times, its samples."""

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any

import numpy as np
import panel as pn
import panel_material_ui as pmui

from glifcore import FieldInfo, ParameterError, Problem

from .background import Background
from .controls import NumberControl, tell
from .page_text import html
from .session import Session
from .stimuli import field_of_part, part_with
from .uploads.file_input import file_input
from .uploads.reading import read_recording


class PartControl(NumberControl):
    """One number of one part."""

    def __init__(self, session: Session, index: int, field: str, info: FieldInfo) -> None:
        self._session, self.index, self.field = session, index, field
        unit = f" ({info.unit})" if info.unit else ""
        super().__init__(f"{field}[{index}]{unit}", info, self.read())
        self.follow()

    def read(self) -> float:
        value = float(getattr(self._session.stimulus[self.index], self.field))
        return self._session.duration if value == np.inf else value  # until the end

    def write(self, value: float) -> None:
        part = part_with(self._session.stimulus[self.index], **{self.field: float(value)})
        self._session.replace_part(self.index, part)

    def follow(self) -> None:
        if self._info.unit == "ms" and self.slider.end < self._session.duration:
            self.slider.end = self._session.duration
        super().follow()

    def concerns(self, problem: Problem) -> bool:
        return problem.field == field_of_part(self.index, self.field)


class ReceptorControl(pn.viewable.Viewer):
    """The port at which a train arrives; hidden where there is one port only."""

    def __init__(self, session: Session, index: int) -> None:
        super().__init__()
        self._session, self.index = session, index
        self.port = pmui.Select(
            label=f"receptor[{index}]",
            description="Port at which the spikes arrive",
            options=["port 0"],
            value="port 0",
            size="small",
            sizing_mode="stretch_width",
            margin=(6, 10, 4, 10),
        )
        self._problem = html(visible=False)
        self.port.param.watch(lambda e: self._write(e.new), "value")

    def _write(self, name: str) -> None:
        part = self._session.stimulus[self.index]
        port = self.port.options.index(name)
        if port != part.receptor:
            self._session.replace_part(self.index, part_with(part, receptor=port))

    def follow(self) -> None:
        """Show the ports that there are, and the one that is chosen."""
        names = [f"port {i}" for i in range(len(self._session.weights))]
        part = self._session.stimulus[self.index]
        value = names[min(part.receptor, len(names) - 1)]
        if self.port.options != names or self.port.value != value:
            self.port.param.update(options=names, value=value)
        self.port.visible = len(names) > 1

    def concerns(self, problem: Problem) -> bool:
        """Whether the problem is about this port."""
        return problem.field == field_of_part(self.index, "receptor")

    def tell(self, found: Sequence[Problem]) -> None:
        """Show what is wrong with the port, or that nothing is."""
        tell(self._problem, [problem for problem in found if self.concerns(problem)])

    def __panel__(self) -> Any:
        return pn.Column(self.port, self._problem, sizing_mode="stretch_width", margin=0)


class TimesControl(pn.viewable.Viewer):
    """The times of spikes, typed; they can be painted in the plot of the input too."""

    def __init__(self, session: Session, index: int) -> None:
        super().__init__()
        self._session, self.index = session, index
        self.entry = pmui.TextInput(
            label=f"times[{index}] (ms)",
            description="Times of the presynaptic spikes, with commas or spaces between them",
            size="small",
            sizing_mode="stretch_width",
            margin=(6, 10, 2, 10),
        )
        self._problem = html(visible=False)
        hint = (
            "Or paint them: in a lane of the input, click to add, drag to move; Backspace takes "
            "the selected one away."
        )
        self._part = pn.Column(
            self.entry,
            self._problem,
            html(f'<p class="caption">{hint}</p>', margin=(0, 10, 4, 10)),
            sizing_mode="stretch_width",
            margin=0,
        )
        self.entry.param.watch(lambda e: self._write(e.new), "value")
        self.follow()

    def _write(self, text: str) -> None:
        try:
            times = tuple(float(t) for t in text.replace(",", " ").replace(";", " ").split())
        except ValueError:
            wrong = next(t for t in text.replace(",", " ").split() if not _is_number(t))
            message = f"`times` has {wrong[:20]!r} in it; each must be a number. Try 100, 120."
            tell(self._problem, [Problem("times", "error", message)])
            return
        tell(self._problem, [])
        part = part_with(self._session.stimulus[self.index], times=times)
        if part != self._session.stimulus[self.index]:
            self._session.replace_part(self.index, part)

    def follow(self) -> None:
        """Show the times that are kept."""
        text = ", ".join(f"{t:g}" for t in self._session.stimulus[self.index].times)
        if self.entry.value != text:
            self.entry.value = text

    def concerns(self, problem: Problem) -> bool:
        """Whether the problem is about these times."""
        return problem.field == field_of_part(self.index, "times")

    def tell(self, found: Sequence[Problem]) -> None:
        """Show what is wrong with the times, or that nothing is."""
        tell(self._problem, [problem for problem in found if self.concerns(problem)])

    def __panel__(self) -> Any:
        return self._part


class RecordedControl(pn.viewable.Viewer):
    """A recorded current, from a file."""

    def __init__(self, session: Session, index: int, background: Background) -> None:
        super().__init__()
        self._session, self.index, self._background = session, index, background
        self.file = file_input(self._open, label="Open a recorded current", size="small")
        self._problem = html(visible=False)
        self._state = html(margin=(0, 10, 4, 10))
        self._part = pn.Column(
            self.file, self._problem, self._state, sizing_mode="stretch_width", margin=0
        )
        self.follow()

    def _open(self, name: str, content: bytes) -> None:
        self._background.run(partial(_read_current, content, name), self._opened)

    def _opened(self, done: Future[Any]) -> None:
        try:
            values, interval = done.result()
        except ParameterError as error:
            tell(self._problem, [Problem("values", "error", str(error))])
            return
        tell(self._problem, [])
        part = part_with(self._session.stimulus[self.index], values=values, interval=interval)
        self._session.replace_part(self.index, part)

    def follow(self) -> None:
        """Tell what is held."""
        part = self._session.stimulus[self.index]
        length = len(part.values) * part.interval
        text = f"{len(part.values)} samples, {length:g} ms" if len(part.values) > 1 else "None yet."
        self._state.object = f'<p class="caption">{text} A link does not carry them.</p>'

    def concerns(self, problem: Problem) -> bool:
        """Whether the problem is about the samples."""
        return problem.field == field_of_part(self.index, "values")

    def tell(self, found: Sequence[Problem]) -> None:
        """Nothing: what is wrong with a file is told when it is read."""

    def __panel__(self) -> Any:
        return self._part


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _read_current(content: bytes, name: str) -> tuple[tuple[float, ...], float]:
    """Samples (pA) and their interval (ms): the mean of the file's sweeps."""
    recording = read_recording(name, content)
    return tuple(np.asarray(recording.mean(), float).tolist()), float(recording.interval)
