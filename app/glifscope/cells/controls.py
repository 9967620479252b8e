"""What can be chosen at the side: the level, the axes, and which cells are shown."""

from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore import GlifModel

from ..buttons import switch
from ..controls import number_slider
from .atlas import cells, label_of, lines, quantities
from .choices import CellsChoices
from .filters import LEAST, SPECIES, Filters

_ANY = "any"
_DOUBTFUL = {_ANY: None, "without": False, "with": True}


class CellsControls(pn.viewable.Viewer):
    """Level, axes and filters; they write to the choices and follow them."""

    def __init__(self, choices: CellsChoices) -> None:
        super().__init__()
        self._choices = choices
        asked = choices.asked
        self.level = switch(
            pmui.RadioButtonGroup,
            "Level of the fits",
            {model.name: model for model in GlifModel},
            asked.level,
            meaning="Level of the GLIF model whose fits are compared; not every cell has each",
            titled=True,
            sizing_mode="stretch_width",
            margin=(8, 10),
        )
        self.x, self.y = (
            _select(f"{axis} axis", f"What of each cell's fit is drawn {where}", asked.level)
            for axis, where in (("x", "to the right"), ("y", "upwards"))
        )
        self.lines = pmui.MultiChoice(
            label="Lines",
            description="Only cells from these transgenic lines of mice; with none, all cells",
            options=lines(),
            placeholder="any",
            searchable=True,
            sizing_mode="stretch_width",
            margin=(8, 10),
        )
        self.species = switch(
            pmui.RadioButtonGroup,
            "Species",
            [_ANY, *SPECIES],
            _ANY,
            meaning="Only cells of mice, or only cells of humans",
            titled=True,
            margin=(8, 10),
        )
        self.doubtful = switch(
            pmui.RadioButtonGroup,
            "Caveats",
            list(_DOUBTFUL),
            _ANY,
            meaning="Whether fits with something unusual, such as a reset above the threshold, are "
            "shown",
            titled=True,
            margin=(8, 10),
        )
        self.least = number_slider("least explained variance", LEAST, 0.0)
        self.reset = pmui.Button(
            label="Show all cells", size="small", variant="outlined", margin=(8, 10)
        )
        self.find = pmui.AutocompleteInput(
            label="Find a cell",
            description="Its number or line; it goes onto the card, whether the filters show it or "
            "not",
            options={preset.title: name for name, preset in cells().items()},
            placeholder="number or line",
            search_strategy="includes",
            case_sensitive=False,
            min_characters=1,
            size="small",
            sizing_mode="stretch_width",
            margin=(8, 10),
        )
        self._listen()
        self.follow()

    def _listen(self) -> None:
        choices = self._choices
        for name in ("level", "x", "y"):
            widget = getattr(self, name)
            widget.param.watch(lambda e, name=name: choices.ask(**{name: e.new}), "value")
        for name, read in {
            "lines": tuple,
            "species": lambda value: None if value == _ANY else value,
            "doubtful": _DOUBTFUL.__getitem__,
        }.items():
            widget = getattr(self, name)
            widget.param.watch(
                lambda e, name=name, read=read: choices.filter(**{name: read(e.new)}), "value"
            )
        self.least.param.watch(lambda e: self._limit(e.new), "value")
        self.reset.on_click(lambda _: choices.ask(filters=Filters()))
        self.find.param.watch(lambda e: e.new and choices.param.update(cell=e.new), "value")
        choices.param.watch(lambda *_: self.follow(), "asked")

    def _limit(self, least: float | None) -> None:
        if least is None:  # the entry was emptied
            self.follow()
        else:
            self._choices.filter(least=min(max(least, 0.0), 1.0))

    def follow(self) -> None:
        """Show what is asked for."""
        asked, filters = self._choices.asked, self._choices.asked.filters
        self.level.value = asked.level
        for widget, key in ((self.x, asked.x), (self.y, asked.y)):
            options = _axes(asked.level)
            if list(widget.options) != list(options):
                widget.param.update(options=options, value=key)
            elif widget.value != key:
                widget.value = key
        words = {passes: word for word, passes in _DOUBTFUL.items()}
        self.lines.value = list(filters.lines)
        self.species.value = filters.species or _ANY
        self.doubtful.value = words[filters.doubtful]
        self.least.value = filters.least
        self.reset.disabled = filters == Filters()

    def __panel__(self) -> Any:
        return pn.Column(
            self.level,
            self.x,
            self.y,
            self.lines,
            self.species,
            self.doubtful,
            self.least,
            self.reset,
            self.find,
            sizing_mode="stretch_width",
            margin=0,
        )


def _axes(level: GlifModel) -> dict[str, str]:
    return {label_of(key): key for key in quantities(level)}


def _select(label: str, meaning: str, level: GlifModel) -> Any:
    return pmui.Select(
        label=label,
        description=meaning,
        options=_axes(level),
        size="small",
        sizing_mode="stretch_width",
        margin=(12, 10, 6, 10),
    )
