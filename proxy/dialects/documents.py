"""PDFs as each dialect attaches them, read from the raw block of any."""

from proxy.dialects.model import Body, Json

_PDF = "application/pdf"
_DATA_URL = f"data:{_PDF};base64,"


def pdf_of(raw: Body) -> tuple[str, str] | None:
    """Base64 data and file name of an attached PDF, None for any other block.

    Chat says `file`, Responses `input_file` with the same fields flat, Messages `document`.
    """
    source = raw.get("source")
    if isinstance(source, dict):
        data = source.get("data") if source.get("media_type") == _PDF else None
        return (data, _name(raw.get("title"))) if isinstance(data, str) else None
    file = raw.get("file") if isinstance(raw.get("file"), dict) else raw
    data = file.get("file_data") if isinstance(file, dict) else None
    if not isinstance(data, str) or not data.startswith(_DATA_URL):
        return None
    return data[len(_DATA_URL) :], _name(file.get("filename") if isinstance(file, dict) else None)


def pdf_url(data: str) -> str:
    """A data URL of a PDF in base64."""
    return _DATA_URL + data


def _name(given: Json) -> str:
    return given if isinstance(given, str) and given else "document.pdf"
