#!/bin/sh
# The demo city: database, example data, the clock and the server; called by `make demo`.
set -eu

PYTHON=${VENV:-.venv}/bin/python
export DJANGO_SETTINGS_MODULE=portal.settings.development DEMO=true

"$PYTHON" manage.py migrate --verbosity 0
"$PYTHON" manage.py demo

# Both run in the background, so that whatever ends this script ends them too.
"$PYTHON" manage.py tick --every 60 &
CLOCK=$!
"$PYTHON" manage.py runserver --noreload "127.0.0.1:${PORT:-8000}" &
SERVER=$!
trap 'kill "$CLOCK" "$SERVER" 2>/dev/null || true' EXIT
trap 'exit 0' INT TERM
wait "$SERVER"
