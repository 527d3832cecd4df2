"""What an exported file of the archive holds, read as its readers read it."""

import csv
import io
import json
from http import HTTPStatus

from decisions.datasets.matters import MATTERS

KEYS = [column.key for column in MATTERS]


def content(response):
    assert response.status_code == HTTPStatus.OK
    return b"".join(response.streaming_content) if response.streaming else response.content


def lines_of(response):
    return [json.loads(line) for line in content(response).decode().splitlines()]


def table_of(response):
    return list(csv.reader(io.StringIO(content(response).decode("utf-8-sig"))))
