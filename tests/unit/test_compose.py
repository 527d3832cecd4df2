"""The compose file is one that Compose accepts, and each command in it exists."""

import importlib.util
import json
import re
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import yaml
from django.core.management import get_commands, load_command_class
from pytest_django import Settings

from consultations.services import MOST_FILES
from portal.core.uploads import MOST_BYTES
from tests.services.search_engine import VERSION

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "scheduler")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def commands_of(name: str) -> list[list[str]]:
    """Return what a service of ours runs: its command and its health check."""
    service = SERVICES[name]
    found = [service["command"]] if "command" in service else []
    if "healthcheck" in service:
        found.append(service["healthcheck"]["test"][1:])
    return found


def test_file_fits_the_published_schema() -> None:
    text = files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json")
    schema = json.loads(text.read_text(encoding="utf-8"))
    jsonschema.validators.validator_for(schema)(schema).validate(COMPOSE)


def test_every_service_of_the_design_is_there() -> None:
    others = {"db", "elasticsearch", "redis", "proxy", "mailpit"}
    assert SERVICES.keys() == {*OURS, *others}
    assert SERVICES["mailpit"]["profiles"] == ["dev"]


@pytest.mark.parametrize("name", OURS)
def test_each_management_command_exists_and_takes_its_arguments(
    name: str, settings: Settings
) -> None:
    # The worker's command asks which queue it would work on; production has one in the database.
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    for command in commands_of(name):
        if command[:2] != ["python", "manage.py"]:
            continue
        subcommand, *arguments = command[2:]
        app = get_commands()[subcommand]
        loaded = app if not isinstance(app, str) else load_command_class(app, subcommand)
        loaded.create_parser("manage.py", subcommand).parse_args(arguments)


def test_the_image_starts_a_server_that_is_installed() -> None:
    command = json.loads(re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)[1])
    assert command[0] == "gunicorn"
    assert importlib.util.find_spec("gunicorn.app.wsgiapp")
    assert importlib.util.find_spec(command[1])


def test_migrations_are_a_step_of_their_own() -> None:
    assert SERVICES["migrate"]["restart"] == "no"
    for name in ("web", "worker", "scheduler"):
        waits = SERVICES[name]["depends_on"]["migrate"]["condition"]
        assert waits == "service_completed_successfully"


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_has_more_rights_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["user"].split(":")[0] not in {"", "0", "root"}
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert "healthcheck" in service or name == "migrate"


def test_secrets_are_files_that_the_script_makes() -> None:
    script = (ROOT / "deploy" / "secrets.sh").read_text(encoding="utf-8")
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
        assert f"make_secret {name} " in script
    for service in SERVICES.values():
        assert set(service.get("secrets", [])) <= COMPOSE["secrets"].keys()


def test_only_the_proxy_is_open_to_the_outside() -> None:
    public = {
        name
        for name, service in SERVICES.items()
        if any(not port.startswith("127.0.0.1:") for port in service.get("ports", []))
    }
    assert public == {"proxy"}


def test_the_search_engine_is_the_version_that_is_tested() -> None:
    assert SERVICES["elasticsearch"]["image"].endswith(f":{VERSION}")


def test_every_file_that_the_images_copy_exists() -> None:
    for context, dockerfile in ((ROOT, "Dockerfile"), (ROOT / "deploy", "proxy.Dockerfile")):
        text = (context / dockerfile).read_text(encoding="utf-8")
        for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
            for source in line.split()[:-1]:
                assert (context / source).exists(), f"{dockerfile} copies {source}"


@pytest.mark.parametrize("name", ["Dockerfile", "deploy/proxy.Dockerfile"])
def test_the_images_run_as_an_ordinary_user(name: str) -> None:
    users = re.findall(r"^USER (\S+)$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    assert users[-1:] == ["10001:10001"]


def test_the_proxy_sees_no_private_file_and_lets_three_files_through() -> None:
    assert any(volume.endswith(":/data/private") for volume in SERVICES["web"]["volumes"])
    assert not any("private" in volume for volume in SERVICES["proxy"]["volumes"])
    caddyfile = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    limit = re.search(r"request_body @files \{\s+max_size (\d+)MB", caddyfile)
    assert int(limit[1]) * 1_000_000 > MOST_FILES * MOST_BYTES


def test_files_of_data_are_made_on_a_disk_that_the_image_lets_us_write_to() -> None:
    install = re.search(r"install -d -o portal .*-m 0700 (.+)", DOCKERFILE)[1]
    for name in OURS:
        place = SERVICES[name]["environment"]["TMPDIR"]
        assert place in install.split()
        [volume] = [one for one in SERVICES[name]["volumes"] if one.endswith(f":{place}")]
        assert volume.partition(":")[0] in COMPOSE["volumes"]
        assert place not in SERVICES[name]["tmpfs"]


def test_the_proxy_does_not_wait_for_a_slow_reader_with_a_thread_of_ours() -> None:
    caddyfile = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    assert re.search(r"timeouts \{\s+write \d+m\s+\}", caddyfile)
    assert re.search(r"reverse_proxy web:8000 \{[^}]+response_buffers \d+MiB", caddyfile)
