"""`lynkr-tui attach`: the dashboard of a proxy elsewhere, over its event stream and control API."""
