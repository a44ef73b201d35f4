"""Failures that a client is told about, each with the status its SDK expects."""


class ProxyError(Exception):
    """A failure with an HTTP status; the message names the thing, the place and the fix."""

    status = 500
    retry_after: float | None = None  # seconds, where it is known when to come back

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        if status is not None:
            self.status = status

    @property
    def headers(self) -> dict[str, str]:
        """What goes along with the status."""
        return {} if self.retry_after is None else {"retry-after": f"{self.retry_after:.0f}"}


class BadRequest(ProxyError):
    """The client's body is not what its dialect asks for."""

    status = 400


class TooLarge(ProxyError):
    """A body of more bytes than the proxy takes."""

    status = 413


class TooSlow(ProxyError):
    """The client's body did not come in time."""

    status = 408


class Upstream(ProxyError):
    """The provider could not be reached (502) or did not answer in time (504)."""

    status = 502


class NotSent(Upstream):
    """No call like it can succeed before the config is another: a credential or the provider is
    missing, or the base_url leads elsewhere."""


class BrokeOff(Upstream):
    """The provider reported a failure inside its stream, and the client has been told there."""


class ComeBack(ProxyError):
    """Not now; it says when to come back."""

    status = 503

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Resting(ComeBack):
    """Every provider that could answer has failed too often of late."""


class Overloaded(ComeBack):
    """As much is under way as the memory may be asked to hold."""


class Unable(BadRequest):
    """No model at hand can take the request: it is too long, or asks for what none of them has."""
