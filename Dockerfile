# One image for both gateways; which one it is, the command says (docker-compose.yml).
FROM python:3.11.14-slim-bookworm AS build
WORKDIR /build
COPY requirements/runtime.txt requirements/build.txt requirements/
RUN python -m venv /opt/counterfoil \
 && /opt/counterfoil/bin/pip install --no-cache-dir --require-hashes --requirement requirements/runtime.txt \
 && pip install --no-cache-dir --require-hashes --requirement requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY domain domain
COPY events events
COPY infra infra
COPY services services
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir dist . \
 && /opt/counterfoil/bin/pip install --no-cache-dir --no-deps --no-index dist/*.whl

FROM python:3.11.14-slim-bookworm
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin counterfoil \
 && install --directory --owner=counterfoil --group=counterfoil --mode=0700 /var/lib/counterfoil
COPY --from=build /opt/counterfoil /opt/counterfoil
ENV PATH=/opt/counterfoil/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    COUNTERFOIL_DATA=/var/lib/counterfoil \
    COUNTERFOIL_LISTEN_HOST=0.0.0.0 \
    COUNTERFOIL_LISTEN_PORT=8080
USER 10001:10001
VOLUME /var/lib/counterfoil
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["counterfoil", "health"]
CMD ["counterfoil", "--help"]
