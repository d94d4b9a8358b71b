"""Properties are tried on the same examples in every run, so that a red run can be had again by anybody.

`HYPOTHESIS_PROFILE=search make unit` looks for new examples instead; a find becomes an `@example`. Which lines a failing example
takes is not traced: CPython 3.11 was seen to spin for ever under that tracer, so that a failing property hung the run.
"""

import os

from hypothesis import Phase, settings

_PHASES = tuple(phase for phase in Phase if phase is not Phase.explain)
settings.register_profile("same", derandomize=True, deadline=None, phases=_PHASES)
settings.register_profile("search", deadline=None, phases=_PHASES)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
