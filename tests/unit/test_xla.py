"""The compiler option: added once, kept beside the user's own, and only if it can still help."""

import os
import subprocess
import sys

import pytest

from glifcore.xla import with_loop_fusion

OPTION = "xla_cpu_small_while_loop_byte_threshold=262144"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"--xla_backend_extra_options={OPTION}"),
        ("--xla_dump_to=/tmp/x", f"--xla_dump_to=/tmp/x --xla_backend_extra_options={OPTION}"),
        ("--xla_backend_extra_options=a=1", f"--xla_backend_extra_options=a=1,{OPTION}"),
        (f"--xla_backend_extra_options={OPTION[:-6]}7",) * 2,
    ],
)
def test_the_users_flags_are_kept(before, after):
    assert with_loop_fusion(before) == after
    assert with_loop_fusion(after) == after


def run(code, **environment):
    clean = {k: v for k, v in os.environ.items() if k not in ("XLA_FLAGS", "JAX_ENABLE_X64")}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=clean | environment,
        capture_output=True,
        text=True,
        check=True,
    )


def test_it_is_set_at_import_and_can_be_turned_off():
    code = "import glifcore, os; print(os.environ.get('XLA_FLAGS'))"
    assert OPTION in run(code).stdout
    assert run(code, GLIFCORE_XLA_FLAGS="0").stdout.strip() == "None"


def test_a_backend_that_is_already_up_gives_a_warning_and_the_same_numbers():
    code = (
        "import jax.numpy as jnp; jnp.zeros(1); import glifcore as gc;"
        "s = gc.make_stimulus(gc.StepCurrent(400.0), duration=100.0);"
        "print(gc.spike_times(gc.simulate(gc.GlifParameters(), s), 0.1))"
    )
    late = run(code)
    assert "Import glifcore before the first JAX array" in late.stderr
    early = run(code.replace("import jax.numpy as jnp; jnp.zeros(1); ", ""))
    assert early.stderr == ""
    assert early.stdout == late.stdout


def test_64_bit_is_turned_on_unless_the_user_said_otherwise():
    code = "import glifcore, jax.numpy as jnp; print(jnp.ones(1).dtype)"
    assert run(code).stdout.strip() == "float64"
    assert run(code, JAX_ENABLE_X64="0").stdout.strip() == "float32"


def test_32_bit_simulates_without_a_warning_and_nearly_the_same_spikes():
    code = (
        "import glifcore as gc; s = gc.make_stimulus(gc.StepCurrent(400.0), duration=100.0);"
        "print(gc.spike_times(gc.simulate(gc.GlifParameters(), s), 0.1).round(1).tolist())"
    )
    single = run(code, JAX_ENABLE_X64="0", PYTHONWARNINGS="error")
    double = eval(run(code).stdout)
    assert eval(single.stdout) == pytest.approx(double, abs=0.3)
