"""What Bedrock holds a call to: its own service model, and a signature that can be made again."""

import gzip
import re
from functools import cache
from pathlib import Path
from typing import Any

import botocore
import orjson
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from tests.support.upstream import Sent

ACCESS, SECRET, REGION = "AKIDEXAMPLE", "a-secret-of-aws", "eu-west-1"


@cache
def _shape() -> Any:
    found = next(
        (Path(botocore.__file__).parent / "data/bedrock-runtime").glob("*/service-2.json*")
    )
    raw = found.read_bytes()
    model = ServiceModel(orjson.loads(gzip.decompress(raw) if found.suffix == ".gz" else raw))
    return model.operation_model("Converse").input_shape


def fits_the_model(sent: Sent) -> str | None:
    """The service model's types, names and required fields."""
    report = ParamValidator().validate({"modelId": "m", **sent.body}, _shape())
    return f"400 {report.generate_report()}" if report.has_errors() else None


def takes_turns(sent: Sent) -> str | None:
    """User first, then by turns; each call answered in the next turn; ids and names in shape."""
    messages = sent.body["messages"]
    roles = [message["role"] for message in messages]
    if roles != ["user", "assistant"] * (len(roles) // 2) + ["user"] * (len(roles) % 2):
        return f"400 roles {roles}"
    for said, heard in zip(messages[1::2], messages[2::2], strict=False):
        calls = [b["toolUse"]["toolUseId"] for b in said["content"] if "toolUse" in b]
        told = [b["toolResult"]["toolUseId"] for b in heard["content"] if "toolResult" in b]
        if calls != told:
            return f"400 {calls} answered by {told}"
        if odd := [one for one in calls if not re.fullmatch(r"[a-zA-Z0-9_.:-]{1,64}", one)]:
            return f"400 toolUseId {odd[0]}"
        if calls and "toolConfig" not in sent.body:
            return "400 The toolConfig field must be defined"
    return None


def signed(sent: Sent) -> str | None:
    """The signature of this very method, host, path, date and body, by the known secret."""
    request = AWSRequest(
        sent.method, f"http://{sent.headers['host']}{sent.raw_path}", data=sent.raw
    )
    request.headers["X-Amz-Date"] = sent.headers.get("x-amz-date", "")
    request.context["timestamp"] = sent.headers.get("x-amz-date", "")
    auth = SigV4Auth(Credentials(ACCESS, SECRET), "bedrock", REGION)
    text = auth.string_to_sign(request, auth.canonical_request(request))
    wanted = f"Signature={auth.signature(text, request)}"
    given = sent.headers.get("authorization", "")
    return None if given.startswith("AWS4-HMAC-SHA256") and wanted in given else "403 signature"
