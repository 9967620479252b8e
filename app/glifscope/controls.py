"""The controls: one for each parameter, built from what glifcore knows about it.

Units, meanings, ranges and steps are read from the fields' metadata, so none is written twice. A
control writes to the Session and to nothing else, and follows it when something else changes it.
"""

from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore import FIELDS, FieldInfo, GlifModel, Problem

from .live import send_at_once
from .session import PRESETS, STIMULUS_FIELDS, Session
from .view import accordion, html, sentence, show

ALL_FIELDS: dict[str, FieldInfo] = FIELDS | STIMULUS_FIELDS

GROUPS: dict[str, list[tuple[str, int | None]]] = {
    "Synapse": [("tau_syn_fast", 0), ("tau_syn_slow", 0), ("amp_slow", 0), ("weight", None)],
    "Stimulus": [
        (name, None)
        for name in (
            "step_amplitude",
            "step_start",
            "step_stop",
            "train_start",
            "train_rate",
            "train_count",
        )
    ],
    "Membrane": [(name, None) for name in ("g", "C_m", "E_L", "I_e")],
    "Threshold": [
        (name, None)
        for name in (
            "V_th",
            "th_spike_add",
            "th_spike_decay",
            "th_voltage_index",
            "th_voltage_decay",
        )
    ],
    "Reset": [
        (name, None) for name in ("t_ref", "V_reset", "voltage_reset_fraction", "voltage_reset_add")
    ],
    "After-spike currents": [
        (name, j) for j in range(2) for name in ("asc_amps", "asc_decay", "asc_r", "asc_init")
    ],
}

_MECHANISMS = {
    "spike_dependent_threshold": "Spike-dependent threshold and reset",
    "after_spike_currents": "After-spike currents",
    "adapting_threshold": "Threshold follows the potential",
}


# Name and unit at the left, the number at the right, the slider under both.
_COMPACT = {
    "& .MuiFormLabel-root": {"maxWidth": "none", "whiteSpace": "nowrap", "fontSize": "13px"},
    "& .MuiFormLabel-root + .MuiBox-root": {"justifyContent": "flex-end"},
    "& .MuiTextField-root": {"flexGrow": 0, "width": "92px"},
    "& .MuiInputBase-input": {"fontSize": "14px", "padding": "0 0 1px"},
    "& .MuiIconButton-root": {"color": "text.secondary"},
    "& .MuiSlider-root": {"padding": "9px 0"},
}


def number_slider(label: str, info: FieldInfo, value: float, **options: Any) -> Any:
    """A slider with an entry for the exact number, whose changes reach Python without delay."""
    low, high = info.typical
    slider = pmui.EditableFloatSlider(
        label=label,
        description=info.meaning,
        value=value,
        start=min(low, value),
        end=max(high, value),
        step=info.step,
        size="small",
        sx=_COMPACT,
        sizing_mode="stretch_width",
        margin=(1, 10),
        **{"format": "0[.][000000]"} | options,
    )
    send_at_once(slider, "value", "value_throttled", "start", "end")
    return slider


class Control(pn.viewable.Viewer):
    """Slider and exact entry for one number, with the problem it causes under it."""

    def __init__(self, session: Session, name: str, index: int | None) -> None:
        super().__init__()
        self.field, self.index = name, index
        self._session = session
        self._info = info = ALL_FIELDS[name]
        many = index is not None and info.per == "asc"
        unit = f" ({info.unit})" if info.unit else ""
        label = f"{name}[{index}]{unit}" if many else f"{name}{unit}"
        self.slider = number_slider(label, info, session.value(name, index))
        self._problem = html(visible=False)
        self._part = pn.Column(self.slider, self._problem, sizing_mode="stretch_width", margin=0)
        self.slider.param.watch(self._write, "value")
        self.follow()

    def _write(self, event: Any) -> None:
        if event.new is None:  # the entry was emptied
            self.follow()
        else:
            self._session.choose(self.field, event.new, self.index)

    def follow(self) -> None:
        """Show the Session's number, and whether it has an effect at this level."""
        value = self._session.value(self.field, self.index)
        slider, info = self.slider, self._info
        low, high = info.typical
        changes: dict[str, Any] = {}
        if slider.value != value:
            changes = {"start": min(low, value), "end": max(high, value), "value": value}
        elif info.above is not None and slider.start <= info.above:
            changes = {"start": low}  # a typed value took the track to where no value may be
        unused = self._session.cell.model not in info.used_by
        if slider.disabled != unused:
            changes["disabled"] = unused
        if changes:
            slider.param.update(**changes)

    def tell(self, found: tuple[Problem, ...]) -> None:
        """Show what is wrong with this number, or that nothing is."""
        _show(self._problem, [problem for problem in found if problem.field == self.field])

    def __panel__(self) -> Any:
        return self._part


class Controls(pn.viewable.Viewer):
    """Everything that a visitor can choose, in groups."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        titles = {preset.title: name for name, preset in PRESETS.items()}
        self.preset = pmui.Select(
            label="Cell",
            options=titles,
            value=session.preset,
            size="small",
            sizing_mode="stretch_width",
            margin=(12, 10, 4, 10),
        )
        self.model = pmui.RadioButtonGroup(
            label="GLIF level",
            options={model.name: model for model in GlifModel},
            value=session.cell.model,
            size="small",
            color="primary",
            sizing_mode="stretch_width",
        )
        self._level = html(margin=(0, 10))
        self._general = html(visible=False)
        self.controls = {
            (name, index): Control(session, name, index)
            for entries in GROUPS.values()
            for name, index in entries
        }
        groups = [
            (title, pn.Column(*(self.controls[e] for e in entries), sizing_mode="stretch_width"))
            for title, entries in GROUPS.items()
        ]
        self._groups = accordion(groups)
        self.preset.param.watch(lambda e: session.choose_preset(e.new), "value")
        self.model.param.watch(lambda e: session.choose_model(e.new), "value")
        session.param.watch(lambda *_: self.follow(), ["cell", "stimulus", "preset"])
        self.follow()

    def follow(self) -> None:
        """Show what the Session holds now."""
        session = self._session
        for control in self.controls.values():
            control.follow()
        self.preset.value = session.preset
        self.model.value = session.cell.model
        text = _mechanisms(session.cell.model) + f'<p class="caption">{_origin(session)}</p>'
        if self._level.object != text:
            self._level.object = text

    def tell(self, found: tuple[Problem, ...]) -> None:
        """Show each problem beside its control, or above all where it belongs to none."""
        for control in self.controls.values():
            control.tell(found)
        _show(self._general, [problem for problem in found if problem.field not in ALL_FIELDS])

    def __panel__(self) -> Any:
        return pn.Column(
            self.preset,
            self.model,
            self._level,
            self._general,
            self._groups,
            sizing_mode="stretch_width",
        )


def _mechanisms(model: GlifModel) -> str:
    items = "".join(
        f'<li class="{"on" if on else "off"}"><span>{_MECHANISMS[flag]}</span>'
        f"<b>{'on' if on else 'off'}</b></li>"
        for flag, on in model.flags.items()
    )
    return f'<ul class="mechanisms">{items}</ul>'


def _origin(session: Session) -> str:
    """A sentence on where the neuron's numbers come from."""
    preset, model = PRESETS[session.preset], session.cell.model
    if not session.is_as_fitted:
        return f"Edited, starting from {preset.title}; the level only switches mechanisms."
    if not preset.explained_variance:
        return "NEST's defaults: one GLIF5 fit; the level only switches mechanisms."
    share = preset.explained_variance[model]
    return f"As fitted to this cell at {model.name}; explains {100 * share:.0f} % of its spiking."


def _show(pane: pn.pane.HTML, found: list[Problem]) -> None:
    text = "".join(f'<p class="problem {p.severity}">{sentence(p.message)}</p>' for p in found)
    show(pane, text)
