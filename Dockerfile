# The image: `docker build --tag shoptrack-backend .`. docs/deployment.md tells how to run it.

FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends binutils \
    && rm -r /var/lib/apt/lists/*
COPY requirements.lock requirements-dev.lock ./
# Only wheels: building from source would fetch tools that no hash vouches for.
RUN python -m venv --without-pip /opt/shoptrack \
    && pip --python /opt/shoptrack/bin/python install \
        --require-hashes --only-binary :all: --requirement requirements.lock
# Of the development lock, what builds our own wheels. It stays in this stage.
RUN awk '/^[a-z]/ { wanted = /^(asgiref|django|drf-spectacular-sidecar|hatchling|packaging|pathspec|pluggy|sqlparse|tomlkit|trove-classifiers)==/ } wanted' \
        requirements-dev.lock > requirements-build.lock \
    && pip install --require-hashes --only-binary :all: --requirement requirements-build.lock
COPY . .
# Our own packages: the core, and each folder beside it that .dockerignore lets in.
RUN pip wheel --no-deps --no-build-isolation --wheel-dir dist . ./shoptrack_*/ \
    && pip --python /opt/shoptrack/bin/python install --no-index --no-deps dist/*.whl
# What nobody uses in a container goes, a quarter of all: tests, what libraries tell debuggers, and
# setuptools, of which pkg_resources (for Pyramid) needs the libraries alone that lie inside it.
RUN find /opt/shoptrack -type d \( -name tests -o -name testing \) -prune -exec rm -r {} + \
    && find /opt/shoptrack/lib/python3.13/site-packages/setuptools -mindepth 1 -maxdepth 1 \
        ! -name _vendor -exec rm -r {} + \
    && find /opt/shoptrack -name '*.so' -type f -exec strip --strip-debug {} +

FROM python:3.13-slim-bookworm
# The number is fixed, so that the owner of a volume's files stays the same from image to image. The
# working folder is the one place that belongs to the user: a SQLite file lies there.
RUN groupadd --gid 10001 shoptrack \
    && useradd --uid 10001 --gid shoptrack --shell /usr/sbin/nologin \
        --home-dir /var/lib/shoptrack --no-create-home shoptrack \
    && install --directory --owner=shoptrack --group=shoptrack --mode=750 /var/lib/shoptrack
COPY --from=build /opt/shoptrack /opt/shoptrack
ENV PATH=/opt/shoptrack/bin:$PATH PYTHONUNBUFFERED=1 \
    SHOPTRACK_TRY_FOLDER=/var/lib/shoptrack SHOPTRACK_TRY_HOST=0.0.0.0
WORKDIR /var/lib/shoptrack
USER 10001:10001
EXPOSE 8000
# It answers once the database fits, for which the server waits SHOPTRACK_START_SECONDS.
HEALTHCHECK --interval=5s --timeout=5s --start-period=90s --retries=3 CMD ["python", "-I", "-c", \
    "from http.client import HTTPConnection as To; c = To('127.0.0.1', 8000, timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
CMD ["pserve", "/opt/shoptrack/share/shoptrack/production.ini"]
ARG VERSION=0.1.0
ARG COMMIT=unknown
LABEL org.opencontainers.image.title="shoptrack-backend" \
    org.opencontainers.image.description="A household's shopping records: API and administration" \
    org.opencontainers.image.licenses="MIT" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${COMMIT}"
