"""Hypothesis judges what holds, not how fast this machine is: no test of it has a clock."""

from hypothesis import HealthCheck, settings

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
