"""The six numbers of the fit: their sliders, whether each is held, its bounds, and the weights."""

from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore.fit_result import PARAMETERS

from ..controls import number_slider
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
                format="0[.][000]",
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
                label=f"Hold {name}", value=False, size="small", margin=(4, 10, 0, 10)
            )
            entry: dict[str, Any] = {
                "value": None,
                "size": "small",
                "width": 140,
                "margin": (2, 0, 6, 10),
            }
            self.low[name] = pmui.FloatInput(label=f"{of} from", **entry)
            self.high[name] = pmui.FloatInput(label="to", **entry)
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
        self._user(lambda: self._choices.bound(name, self.low[name].value, self.high[name].value))

    def follow(self) -> None:
        """Show what is chosen now."""
        self._following = True
        try:
            self.weights.value = self._choices.weights
            bounds = {name: (low, high) for name, low, high in self._choices.bounds}
            for name, box in self.held.items():
                box.value = name in self._choices.fixed
                if name in bounds:
                    self.low[name].value, self.high[name].value = bounds[name]
                elif self.low[name].value is not None and self.high[name].value is not None:
                    self.low[name].value = self.high[name].value = None
        finally:
            self._following = False

    def __panel__(self) -> Any:
        return pn.Column(self.weights, *self._rows, sizing_mode="stretch_width")
