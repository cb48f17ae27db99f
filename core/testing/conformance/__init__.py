"""What every plugin promises, tried on those that are installed: the same for a plugin of the tree and for a wheel.

    from core.testing.conformance import *

    PLUGIN = "musique"

Each test answers one rule of `core.testing.quality`. The rule `pages` needs a browser and stands apart:
`from core.testing.conformance.browser import *`.
"""

from core.testing.conformance.addresses import *  # noqa: F403
from core.testing.conformance.boundaries import *  # noqa: F403
from core.testing.conformance.context import *  # noqa: F403
from core.testing.conformance.data import *  # noqa: F403
from core.testing.conformance.failures import *  # noqa: F403
from core.testing.conformance.french import *  # noqa: F403
from core.testing.conformance.identity import *  # noqa: F403
from core.testing.conformance.migrations import *  # noqa: F403
from core.testing.conformance.queries import *  # noqa: F403
from core.testing.conformance.switching import *  # noqa: F403
