"""Images as OpenAI clients send them: a URL that may hold the data."""

import re

from proxy.dialects.model import Body, Image

_DATA_URL = re.compile(r"data:([^;,]*)(?:;[^;,]+)*;base64,", re.IGNORECASE)


def image_of(url: str, extra: Body) -> Image:
    """A data URL gives its type and data, any other URL stays one."""
    found = _DATA_URL.match(url)
    if found:
        return Image(found[1].lower(), url[found.end() :], extra=extra)
    return Image(url=url, extra=extra)
