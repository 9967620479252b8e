"""Every tolerance of the tests, with its unit and its reason."""

V_M = 1e-8
"""mV, against NEST, whose own propagators lose up to 4e-9 near tau_m; elsewhere some 1e-12."""

THRESHOLD = 1e-9
"""mV, against NEST."""

ASC = 1e-9
"""pA, against NEST."""

I_SYN = 1e-9
"""pA, against NEST, where currents reach some hundred pA."""

PROPAGATOR = 1e-13
"""Relative, against 60 digits."""

LAW = 1e-9
"""mV or pA, for laws that hold exactly but for rounding."""

GRADIENT = 1e-6
"""Relative, against central differences, whose own error is about this."""

NUMPY = 1e-10
"""mV and pA, for the NumPy script that we write."""

BRAINPY = 1e-6
"""mV and pA, for the brainpy.state script, whose propagators are as NEST's."""

FIT = 1e-7
"""Relative, of what a fit finds without noise; its search ends at steps of this size."""

OPTIMUM = 1e-6
"""Relative, of the optimum against lmfit and SciPy, which take derivatives by differences."""

STDERR = 1e-3
"""Relative, of standard errors (absolute of correlations) against them, for the same reason."""

CERTIFIED_DIGITS = 6
"""Of NIST's eleven; the search ends when steps of 1e-7 change nothing."""
