"""The doors of the control API that a dashboard elsewhere needs; app.attach is the other end."""
