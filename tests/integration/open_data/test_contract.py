"""Whatever is asked, the answer is one of those that the description names (schemathesis)."""

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from portal.core import throttle
from tests.integration.open_data.conftest import ROOT

# What no schema can say: whether a question can be read, which days and numbers there are.
BEYOND_A_SCHEMA = {"q", "document_no", "on", ""}

schema = schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", get_wsgi_application())


@pytest.fixture
def unlimited(city, settings):
    """No test of hundreds of questions ends at the limit."""
    much = {"most": 10**6, "seconds": 600}
    settings.THROTTLES = settings.THROTTLES | {"open_data.network": much}
    throttle.forget()


@schema.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case, unlimited):
    is_valid = case.meta.generation.mode.is_positive
    if is_valid:
        # Nobody can make up a cursor; tests of walking follow those that are given out.
        case.query.pop("cursor", None)
    response = case.call()
    case.validate_response(response, excluded_checks=[positive_data_acceptance])
    if is_valid and response.status_code == 422:
        refused = {one["parameter"] for one in response.json()["errors"]}
        assert refused <= BEYOND_A_SCHEMA, response.json()
