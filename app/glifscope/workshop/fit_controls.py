"""The six numbers of the fit: their sliders, whether each is held, its bounds, and the weights."""

from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore.fit_result import PARAMETERS

from ..controls import number_slider
from ..page_text import html
from .choices import WEIGHTS, WorkshopChoices, field_of


class ShapeControls(pn.viewable.Viewer):
    """Sliders of the six numbers; ranges follow the recording."""

    def __init__(self, choices: WorkshopChoices) -> None:
        super().__init__()
        self._choices = choices
        self.sliders: dict[str, Any] = {}
        for name, unit in PARAMETERS.items():
            label = f"{name} ({unit})" if unit else name
            slider = number_slider(
                label,
                field_of(name),
                getattr(choices.values, name),
                format="0[.][00]" if unit == "pA" else "0[.][000]",
                tags=[f"workshop:{name}"],
            )
            slider.param.watch(lambda e, name=name: self._write(name, e.new), "value")
            self.sliders[name] = slider
        choices.param.watch(lambda *_: self.follow(), ["values"])
        choices.param.watch(lambda *_: self._scale(), ["recording"])
        self._scale()

    def _write(self, name: str, value: float | None) -> None:
        if value is None:
            self.follow()
        else:
            self._choices.choose(name, value)

    def _scale(self) -> None:
        """Give amplitudes and onset the range of the recording."""
        recording = self._choices.recording
        if recording is None:
            return
        height = float(abs(self._choices.values.weight)) * 3.0
        start, end = float(recording.time[0]), float(recording.time[-1])
        self.sliders["weight"].param.update(start=-height, end=height, step=height / 1000)
        self.sliders["baseline"].param.update(start=-height / 6, end=height / 6, step=height / 3000)
        self.sliders["onset"].param.update(start=start, end=end, step=recording.interval / 10)
        self.follow()

    def follow(self) -> None:
        """Show the numbers that are chosen now."""
        for name, slider in self.sliders.items():
            value = float(getattr(self._choices.values, name))
            if slider.value != value:
                slider.param.update(
                    start=min(slider.start, value), end=max(slider.end, value), value=value
                )

    def __panel__(self) -> Any:
        return pn.Column(*self.sliders.values(), sizing_mode="stretch_width")


class FitControls(pn.viewable.Viewer):
    """How samples weigh, and for each of the six numbers whether it is held, and its bounds."""

    def __init__(self, choices: WorkshopChoices) -> None:
        super().__init__()
        self._choices = choices
        self._following = False
        self.weights = pmui.Select(
            label="Weights",
            description="How much each sample counts: all alike, or the less the noisier it is",
            options={text: key for key, text in WEIGHTS.items()},
            value=choices.weights,
            size="small",
            sizing_mode="stretch_width",
            margin=(6, 10),
        )
        self.held: dict[str, Any] = {}
        self.low: dict[str, Any] = {}
        self.high: dict[str, Any] = {}
        rows = []
        for name, unit in PARAMETERS.items():
            of = f"{name} ({unit})" if unit else name
            self.held[name] = pmui.Checkbox(
                label=f"Hold {of}",
                description=f"Keep {name} where its slider is, and fit the others",
                value=False,
                size="small",
                margin=(4, 10, 0, 10),
            )
            entry: dict[str, Any] = {
                "placeholder": "free",
                "size": "small",
                "width": 145,
                "margin": (4, 0, 6, 10),
                "sx": {
                    "& .MuiInputLabel-root": {"fontSize": "13px"},
                    "& .MuiInputLabel-root svg": {"display": "none"},  # what it would say is above
                },
            }
            self.low[name], self.high[name] = (
                pmui.TextInput(
                    label=f"{name} {end}",
                    description=f"{which} value that a fit may find{f', {unit}' * bool(unit)}",
                    **entry,
                )
                for end, which in (("from", "Least"), ("to", "Greatest"))
            )
            self.held[name].param.watch(
                lambda e, name=name: self._user(lambda: choices.hold(name, e.new)), "value"
            )
            for part in (self.low[name], self.high[name]):
                part.param.watch(lambda _, name=name: self._bound(name), "value")
            rows += [self.held[name], pn.Row(self.low[name], self.high[name], margin=0)]
        self._rows = rows
        self.weights.param.watch(lambda e: self._user(lambda: self._weigh(e.new)), "value")
        choices.param.watch(lambda *_: self.follow(), ["weights", "fixed", "bounds"])

    def _user(self, act: Callable[[], None]) -> None:
        if not self._following:
            act()

    def _weigh(self, how: str) -> None:
        self._choices.weights = how

    def _bound(self, name: str) -> None:
        low, high = (_typed(part) for part in (self.low[name], self.high[name]))
        self._user(lambda: self._choices.bound(name, low, high))

    def follow(self) -> None:
        """Show what is chosen now."""
        self._following = True
        try:
            self.weights.value = self._choices.weights
            bounds = {name: (low, high) for name, low, high in self._choices.bounds}
            for name, box in self.held.items():
                box.value = name in self._choices.fixed
                ends = (self.low[name], self.high[name])
                if name in bounds and tuple(map(_typed, ends)) != bounds[name]:
                    for part, value in zip(ends, bounds[name], strict=True):
                        part.value = f"{value:g}"
                elif name not in bounds and None not in map(_typed, ends):
                    for part in ends:
                        part.value = ""
        finally:
            self._following = False

    def __panel__(self) -> Any:
        hint = html(
            '<p class="caption">A held number keeps its value. A fit finds none outside its '
            "bounds, from and to, once both are given.</p>",
            margin=(2, 10),
        )
        return pn.Column(self.weights, hint, *self._rows, sizing_mode="stretch_width")


def _typed(part: Any) -> float | None:
    """The number in an entry; None where there is none, and the entry says so if it is not one."""
    text = part.value.strip().replace(",", ".")
    try:
        number = float(text) if text else None
    except ValueError:
        number = None
    part.error_state = bool(text) and number is None
    return number
