# One image for web, worker and clock. The first stage brings what pip needs; the second carries only what runs.

FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
# The file carries hashes, so pip takes exactly what was looked at.
RUN /opt/venv/bin/pip install --require-hashes -r /tmp/requirements.txt


FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PARTNERDESK_ENV=production \
    BIND=0.0.0.0:8000 \
    MEDIA_ROOT=/data/attachments \
    STATIC_ROOT=/app/collected

RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin desk \
    && install -d -o 10001 -g 10001 -m 0700 /data /data/attachments
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .

# The files of the pages belong into the image. Settings want a secret and a database to be named; neither is used
# here, neither is kept.
RUN python -m partnerdesk.catalogs \
    && SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
       DATABASE_URL=postgres://nobody@localhost/none \
       python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q .

USER 10001:10001
VOLUME /data/attachments
EXPOSE 8000

# Asked as the proxy would ask: by the name the portal is known under.
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 \
    CMD ["python", "partnerdesk/healthcheck.py"]

CMD ["gunicorn"]
