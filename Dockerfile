# The image: `docker build --tag shoptrack-backend .`. docs/deployment.md tells how to run it.

FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY requirements.lock requirements-dev.lock ./
# Only wheels: building from source would fetch tools that no hash vouches for.
RUN python -m venv --without-pip /opt/shoptrack \
    && pip --python /opt/shoptrack/bin/python install \
        --require-hashes --only-binary :all: --requirement requirements.lock
# Of the development lock, what builds our own wheels. It stays in this stage.
RUN awk '/^[a-z]/ { wanted = /^(asgiref|django|drf-spectacular-sidecar|hatchling|packaging|pathspec|pluggy|sqlparse|tomlkit|trove-classifiers)==/ } wanted' \
        requirements-dev.lock > requirements-build.lock \
    && pip install --require-hashes --only-binary :all: --requirement requirements-build.lock
COPY hatch_build.py pyproject.toml README.md LICENSE production.ini ./
COPY shoptrack shoptrack
COPY shoptrack_auth shoptrack_auth
COPY shoptrack_admin shoptrack_admin
COPY shoptrack_reports shoptrack_reports
# Of what was installed, the tests go: some 5 MB that nobody runs in a container.
RUN pip wheel --no-deps --no-build-isolation --wheel-dir dist \
        . ./shoptrack_auth ./shoptrack_admin ./shoptrack_reports \
    && pip --python /opt/shoptrack/bin/python install --no-index --no-deps dist/*.whl \
    && find /opt/shoptrack -type d -name tests -prune -exec rm -r {} +

FROM python:3.13-slim-bookworm
# The number is fixed, so that the owner of a volume's files stays the same from image to image. The
# working folder is the one place that belongs to the user: a SQLite file lies there.
RUN groupadd --gid 10001 shoptrack \
    && useradd --uid 10001 --gid shoptrack --shell /usr/sbin/nologin \
        --home-dir /var/lib/shoptrack --no-create-home shoptrack \
    && install --directory --owner=shoptrack --group=shoptrack --mode=750 /var/lib/shoptrack
COPY --from=build /opt/shoptrack /opt/shoptrack
ENV PATH=/opt/shoptrack/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /var/lib/shoptrack
USER 10001:10001
EXPOSE 8000
# Without proxies, which Docker may name to every container in its environment.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-c", \
    "from urllib.request import ProxyHandler, build_opener; build_opener(ProxyHandler({})).open('http://127.0.0.1:8000/healthz', timeout=4)"]
# On SIGINT waitress finishes the requests in hand, up to 5 seconds. SIGTERM would cut them off, or do
# nothing where the server is process 1.
STOPSIGNAL SIGINT
CMD ["pserve", "/opt/shoptrack/share/shoptrack/production.ini"]
