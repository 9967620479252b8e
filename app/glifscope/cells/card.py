"""One cell on a card: its fit at every level side by side, what is unusual, and how to take it."""

from html import escape
from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore import GlifModel, Preset

from ..buttons import switch
from ..choices import fitted
from ..downloads import take_away
from ..layout import card as surface
from ..page_text import html, sentence, show
from ..session import Session
from .atlas import EXPLAINED, kind_of, label_of, number, quantities, quantities_of_any
from .export import fits_csv, fits_document

SOURCE = (
    "Cell {name} of the Allen Cell Types Database. Fits: Teeter et al., Generalized leaky "
    "integrate-and-fire models classify multiple neuron types, Nature Communications 9:709 (2018)."
)

_IN_WORDS = {
    "depolarizing after-spike": "An after-spike current jumps upwards (`asc_amps` above 0), so a "
    "spike makes the next one likelier.",
    "voltage_reset_fraction outside": "`voltage_reset_fraction` lies outside 0 to 1; NEST and "
    "BrainPy refuse it, here it runs.",
    "reset lands at/above": "A spike may reset the potential to the threshold or above it, so "
    "that the cell fires again as soon as it can.",
    "th_voltage_decay within": "`th_voltage_decay` nearly equals g / C_m; a formula that divides "
    "by their difference loses digits.",
}


class CellCard(pn.viewable.Viewer):
    """The cell that is looked at."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._cell = ""
        self._preset: Preset | None = None
        self._facts, self._fits = html(), html()
        self._told = html()
        self.take = pmui.Button(label="Take this cell", size="small", margin=0)
        self.look = pmui.Button(
            label="Open it in Neuron", size="small", variant="outlined", margin=0
        )
        self.level = switch(
            pmui.RadioButtonGroup,
            "Level of the neuron",
            {model.name: model for model in GlifModel},
            session.cell.model,
            meaning="GLIF level at which the neuron is this cell, as in the workspace Neuron",
        )
        self.take.on_click(lambda _: session.choose_preset(self._cell))
        self.look.on_click(lambda _: setattr(session, "workspace", "Neuron"))
        self.level.param.watch(lambda event: self._climb(event.new), "value")
        self._actions = pn.Column(
            pn.FlexBox(self.take, self.look, gap="8px", margin=0),
            self.level,
            self._told,
            sizing_mode="stretch_width",
            margin=(8, 0),
            styles={"gap": "8px"},
        )
        self._files = take_away(
            "cell", lambda: self._preset, {"": fits_csv}, document=fits_document
        )
        self.draw("", None)

    def draw(self, name: str, preset: Preset | None) -> None:
        """Show this cell; none, what the card is for."""
        self._cell, self._preset = name, preset
        self._files.visible = preset is not None
        if preset is None:
            self._actions.visible = False
            show(self._facts, _EMPTY)
            show(self._fits, "")
            return
        show(self._facts, _facts(preset))
        show(self._fits, _fits(preset) + _caveats(preset) + _source(preset))
        self.follow()

    def follow(self) -> None:
        """Tell whether the neuron is this cell, and at which level."""
        session, name = self._session, self._cell
        if not name:
            return
        taken = session.preset == name
        as_fitted = taken and session.choices.is_as_fitted
        label = "Take this cell"
        if taken:
            label = "On the neuron" if as_fitted else "Take it again as fitted"
        self.take.param.update(label=label, disabled=as_fitted)
        self.look.visible = self.level.visible = taken
        if taken:
            self.level.value = session.cell.model
        self._actions.visible = True
        show(self._told, f'<p class="caption">{_told(session, taken, as_fitted)}</p>')

    def _climb(self, model: GlifModel) -> None:
        if self._session.preset == self._cell:
            self._session.choose_model(model)

    def __panel__(self) -> Any:
        return surface("The chosen cell", self._facts, self._actions, self._fits, self._files)


_EMPTY = (
    '<p class="caption">Click a point or a row: here stand the fits of that cell at every level, '
    "and from here it goes onto the neuron.</p>"
)


def _told(session: Session, taken: bool, as_fitted: bool) -> str:
    model = session.cell.model
    if not taken:
        return "It takes the place of the neuron; synapses and stimulus stay. Undo brings it back."
    if as_fitted:
        return f"The neuron is this cell as fitted at {model.name}; climb its levels above."
    return f"The neuron is not as fitted; at {model.name}, its level only switches mechanisms."


def _facts(preset: Preset) -> str:
    kind = kind_of(preset)
    origin = f"{preset.species}, {preset.line} ({kind})" if preset.line else preset.species
    return f"<h3>{escape(preset.title)}</h3><p class='caption'>{escape(origin)}</p>"


def _fits(preset: Preset) -> str:
    """A table of all fits; a number that a level changed is bold."""
    levels = preset.levels
    fits = {level: fitted(preset.name, level) for level in levels}
    shares = [preset.explained_variance.get(level) for level in levels]
    cells = "".join(_cell(_percent(share)) for share in shares)
    rows = [f'<tr><th scope="row">{EXPLAINED}</th>{cells}</tr>']
    for key in sorted(quantities_of_any(levels), key=_rank):
        numbers = [
            f"{number(fits[level], key):.4g}" if key in quantities(level) else None
            for level in levels
        ]
        rows.append(_row(label_of(key), numbers))
    head = "".join(f'<th scope="col">{level.name}</th>' for level in levels)
    return (
        f'<div style="overflow-x: auto"><table class="dense"><thead><tr><th scope="col">fit</th>'
        f"{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
        '<p class="caption">Bold: not as at the level before. Dash: not used at this level.</p>'
    )


def _row(label: str, numbers: list[str | None]) -> str:
    before, cells = None, []
    for text in numbers:
        shown = "–" if text is None else text.replace("-", "−")
        changed = text is not None and before is not None and text != before
        cells.append(_cell(f"<b>{shown}</b>" if changed else shown))
        before = text or before
    return f'<tr><th scope="row">{escape(label)}</th>{"".join(cells)}</tr>'


def _cell(text: str) -> str:
    # Elsewhere on the page the last column of a table is the least important; here it is not.
    return f'<td style="color: inherit">{text}</td>'


def _rank(key: str) -> int:
    order = quantities(GlifModel.GLIF5)
    return order.index(key) if key in order else len(order)  # V_reset, which GLIF5 lacks


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %".replace("-", "−")


def _caveats(preset: Preset) -> str:
    """What is unusual about the fits, each once, with the levels at which it is."""
    found: dict[str, list[str]] = {}
    for level, caveats in preset.caveats.items():
        for caveat in caveats:
            found.setdefault(in_words(caveat), []).append(level.name)
    return "".join(
        f'<p class="remark grave">{", ".join(levels)}: {sentence(words)}</p>'
        for words, levels in found.items()
    )


def in_words(caveat: str) -> str:
    """A caveat of the table as a sentence for a reader."""
    for start, words in _IN_WORDS.items():
        if caveat.startswith(start):
            return words
    return caveat


def _source(preset: Preset) -> str:
    return (
        f'<p class="caption" style="margin-top: 8px">{escape(SOURCE.format(name=preset.name))}</p>'
    )
