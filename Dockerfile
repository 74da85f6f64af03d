# One image for web, worker, beat and the migrate step; what each of them runs stands in
# docker-compose.yml. Packages come from the lock file alone, each with its hash.
FROM python:3.11-slim-bookworm AS packages
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.txt

# Debian 12 has the tools of PostgreSQL 15, the server's version in docker-compose.yml: newer ones
# write dumps that it cannot load.
FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    VAR_DIR=/var/lib/wugang-credit
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        postgresql-client libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin wugang \
    && install -d -o wugang -g nogroup -m 0750 "$VAR_DIR"
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/wugang-credit
COPY . .
USER wugang
