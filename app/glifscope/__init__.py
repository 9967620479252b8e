"""Glifscope: the dashboard over glifcore, as a package, so that a notebook can import it too.

Four roles: `session` holds what the user chose, `results` what follows from it, `views` draw it,
and `dashboard` puts them on a page. Sliders and presets write to the Session and to nothing else;
every picture reads Results and nothing else.
"""

from .dashboard import Dashboard

__all__ = ["Dashboard"]
