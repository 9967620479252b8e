"""The frame of the page: what is seen while it loads, and scripts that mend what it is built of."""

from pathlib import Path

_HERE = Path(__file__).parent
_SCRIPTS = (
    *("opening", "owner", "layout", "painting", "ahead", "sending", "connection"),
    *("unseen", "names", "motion", "focus", "plots", "narrow", "entries", "keys", "marks"),
)
"""In the order in which the page runs them."""


def page_template() -> str:
    """The page as a Jinja template, its scripts included."""
    scripts = ((_HERE / f"{name}.js").read_text(encoding="utf-8").rstrip() for name in _SCRIPTS)
    text = "\n".join(f"<script>\n{script}\n</script>" for script in scripts)
    template = (_HERE / "page.html").read_text(encoding="utf-8")
    return template.replace("{{ scripts }}", f"{{% raw %}}{text}{{% endraw %}}")
