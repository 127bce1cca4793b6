# Kring in a container: built in one stage, run in another without tools. All that it writes stands in /data, so the rest may be
# read only: docker run --read-only --cap-drop ALL --volume kring:/data kring
# In /data belong kring.toml, the edition file and the secrets, of user 10001: docs/en/operator.md, "In a container".

FROM python:3.11-slim AS build
WORKDIR /build
RUN python -m venv /opt/kring
COPY requirements/run.txt requirements/run.txt
COPY requirements/dev.txt requirements/dev.txt
RUN /opt/kring/bin/pip install --no-cache-dir --no-compile --require-hashes --requirement requirements/run.txt
RUN python -m venv /opt/tools \
 && /opt/tools/bin/pip install --no-cache-dir --require-hashes --requirement requirements/dev.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY commands commands
COPY programme programme
COPY storage storage
COPY locales locales
RUN /opt/tools/bin/python -m pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
 && /opt/kring/bin/pip install --no-cache-dir --no-deps dist/kring-*.whl \
 && /opt/kring/bin/python -m compileall -q /opt/kring/lib

FROM python:3.11-slim
LABEL org.opencontainers.image.title="Kring" org.opencontainers.image.licenses="EUPL-1.2"
COPY --from=build /opt/kring /opt/kring
RUN groupadd --gid 10001 kring \
 && useradd --uid 10001 --gid kring --home-dir /data --no-create-home --shell /usr/sbin/nologin kring \
 && install --directory --owner=kring --group=kring --mode=0700 /data
ENV PATH=/opt/kring/bin:$PATH \
    LC_MESSAGES=nl_NL.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    KRING_DATA=/data \
    KRING_HEALTH__LISTEN=127.0.0.1:9180
USER 10001:10001
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["kring", "healthcheck"]
ENTRYPOINT ["kring"]
CMD ["run"]
