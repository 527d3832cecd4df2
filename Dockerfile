# Two stages: what builds stays out of what runs.
FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements/production.txt requirements/production.txt
RUN /venv/bin/pip install --no-deps --require-hashes -r requirements/production.txt
COPY manage.py ./
COPY portal portal
COPY home home
COPY consultations consultations
COPY decisions decisions
COPY static static
RUN /venv/bin/pybabel compile --directory portal/locale --domain django
# The production settings want every value, but this step reads none of them.
RUN DJANGO_SETTINGS_MODULE=portal.settings.production SECRET_KEY=unused PERSONAL_DATA_KEYS= \
    ALLOWED_HOSTS= PUBLIC_URL=http://localhost DATABASE_URL=sqlite://:memory: \
    CACHE_URL=dummycache:// EMAIL_URL=dummymail:// \
    /venv/bin/python manage.py collectstatic --no-input

FROM python:3.12-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.production \
    MEDIA_ROOT=/data/media \
    PRIVATE_FILES_ROOT=/data/private
# espeak-ng speaks the captcha's digits to those who cannot see them; WeasyPrint opens the others,
# and sets papers in the fonts.
RUN apt-get update \
    && apt-get install -y --no-install-recommends espeak-ng \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 portal \
    && useradd --uid 10001 --gid portal --home-dir /app --no-create-home portal \
    && install -d -o portal -g portal /data/media \
    && install -d -o portal -g portal -m 0700 /data/private /data/temporary
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--max-requests", "1000", "--max-requests-jitter", "100", "--worker-tmp-dir", "/dev/shm"]
