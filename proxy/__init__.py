"""The request path: client in, model out, nothing lost, nothing drawn."""

import os

# pydantic would look for plugins among all installed packages: 30 ms of each start
_PLUGINS = "PYDANTIC_DISABLE_PLUGINS"
OURS = {} if _PLUGINS in os.environ else {_PLUGINS: "__all__"}  # in our environment, not a child's
os.environ.update(OURS)
