"""The description of the interface (openapi.yaml): what requests are held to."""

from __future__ import annotations

import datetime
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from rasa.shared.utils.io import read_yaml_file

from channels import texts
from channels.guard import Refused

DESCRIPTION: dict[str, Any] = dict(read_yaml_file(str(Path(__file__).with_name("openapi.yaml"))))

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)\Z", re.ASCII)

_formats = FormatChecker(formats=["date"])


class Invalid(Refused):
    """A request that is not as the description has it.

    Args:
        where: what is not, as a JSON pointer (RFC 6901).
    """

    def __init__(self, where: str) -> None:
        super().__init__(texts.text("utter_not_as_described", where=where or "/"), HTTPStatus.UNPROCESSABLE_ENTITY)
        self.where = where or "/"


@_formats.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or seconds(value) is not None


def seconds(date_time: str) -> float:
    """Seconds since 1970 of a date and time with its offset (RFC 3339).

    Raises:
        ValueError: it is none.
    """
    if not _DATE_TIME.match(date_time):
        raise ValueError("no date and time with its offset from UTC")
    return datetime.datetime.fromisoformat(_as_python_reads_it(date_time)).timestamp()


def _as_python_reads_it(date_time: str) -> str:
    """RFC 3339 as Python 3.10 reads it: a capital T, an offset in place of Z, six digits of a second."""
    text = date_time.upper()
    if text.endswith("Z"):
        text = f"{text[:-1]}+00:00"
    whole, point, rest = text.partition(".")
    if point:
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        text = f"{whole}.{digits[:6]:0<6}{rest[len(digits) :]}"
    return text


def check(value: Any, schema: str) -> None:
    """Hold a value to a schema of the description.

    Raises:
        Invalid: it is otherwise.
    """
    _check(value, {"$ref": f"#/components/schemas/{schema}"})


def check_query(values: dict[str, str], path: str) -> None:
    """Hold the query of a GET request to the description of its parameters.

    Raises:
        Invalid: it is otherwise.
    """
    parameters = DESCRIPTION["paths"][path]["get"]["parameters"]
    properties = {each["name"]: each["schema"] for each in parameters}
    _check(values, {"type": "object", "properties": properties, "additionalProperties": False})


def _check(value: Any, schema: dict[str, Any]) -> None:
    validator = Draft202012Validator({**schema, "components": DESCRIPTION["components"]}, format_checker=_formats)
    error = next(validator.iter_errors(value), None)
    if error is not None:
        raise Invalid("".join(f"/{step}" for step in error.absolute_path))
