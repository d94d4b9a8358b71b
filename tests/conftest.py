"""Properties are tried on the same examples in every run, so that a red run can be had again by anybody.

`HYPOTHESIS_PROFILE=search make unit` looks for new examples instead; a find becomes an `@example`.
"""

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
