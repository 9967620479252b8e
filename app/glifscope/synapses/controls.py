"""What can be chosen at the side: the class, its weight, and what the overviews compare."""

from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore import load_synapse
from glifcore.validation import problems_of_value

from ..controls import NumberControl
from ..page_text import html
from .catalogue import CLASSES, QUANTITIES, label_of
from .choices import SIZE, ExplorerChoices


class SizeControl(NumberControl):
    """The weight without its sign."""

    def __init__(self, choices: ExplorerChoices) -> None:
        self._choices = choices
        super().__init__(f"weight, without sign ({SIZE.unit})", SIZE, choices.asked.size)

    def read(self) -> float:
        return self._choices.asked.size

    def write(self, value: float) -> None:
        self._choices.ask(size=float(value))

    def concerns(self, problem: Any) -> bool:
        return True


class ExplorerControls(pn.viewable.Viewer):
    """Class, weight, axes and colour; they write to the choices and follow them."""

    def __init__(self, choices: ExplorerChoices) -> None:
        super().__init__()
        self._choices = choices
        classes = {f"{name}, {title}": name for name, title in CLASSES.items()}
        quantities = {label_of(key): key for key in QUANTITIES}
        self.pre = _select("Presynaptic class", "Cells of mouse V1 that send the spike", classes)
        self.post = _select(
            "Postsynaptic class", "Cells of mouse V1 in which the current was recorded", classes
        )
        self.size = SizeControl(choices)
        self.tint = _select(
            "Colour of the tiles",
            "Which number of each connection class the tiles show",
            quantities,
        )
        self.x, self.y = (
            _select(
                f"{axis} axis of the points",
                f"What of each connection class is drawn {where}",
                quantities,
            )
            for axis, where in (("x", "to the right"), ("y", "upwards"))
        )
        self.follow()
        self.pre.param.watch(lambda e: choices.pick(pre=e.new), "value")
        self.post.param.watch(lambda e: choices.pick(post=e.new), "value")
        for name in ("tint", "x", "y"):
            widget = getattr(self, name)
            widget.param.watch(lambda e, name=name: choices.ask(**{name: e.new}), "value")
        choices.param.watch(lambda *_: self.follow(), "asked")

    def follow(self) -> None:
        """Show what is asked for, and what is wrong with it."""
        asked = self._choices.asked
        synapse = load_synapse(asked.synapse)
        values = {"pre": synapse.pre, "post": synapse.post}
        values |= {name: getattr(asked, name) for name in ("tint", "x", "y")}
        for name, value in values.items():
            getattr(self, name).value = value
        self.size.follow()
        self.size.tell(problems_of_value("weight", asked.size, SIZE))

    def __panel__(self) -> Any:
        return pn.Column(
            self.pre,
            self.post,
            self.size,
            html('<p class="caption">Compare</p>', margin=(14, 10, 0, 10)),
            self.tint,
            self.x,
            self.y,
            sizing_mode="stretch_width",
            margin=0,
        )


def _select(label: str, meaning: str, options: dict[str, str]) -> Any:
    return pmui.Select(
        label=label,
        description=meaning,
        options=options,
        size="small",
        sizing_mode="stretch_width",
        margin=(12, 10, 6, 10),
    )
