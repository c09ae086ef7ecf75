# The playground as a container that writes nothing but /data:
#   docker build --tag playground .
#   docker run --publish 8000:8000 --volume playground:/data --read-only playground
FROM python:3.13-slim AS build
WORKDIR /source
COPY . .
RUN python -m venv /opt/playground && /opt/playground/bin/pip install --no-cache-dir .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home playground && install --directory --owner playground /data
COPY --from=build /opt/playground /opt/playground
ENV PATH=/opt/playground/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PLAYGROUND_HOST=0.0.0.0 \
    PLAYGROUND_PORT=8000 \
    PLAYGROUND_DATA=/data
USER playground
WORKDIR /data
VOLUME /data
EXPOSE 8000
# Whether it answers, not whether it is ready: a new start would make no room on a full disk, and end all runs.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-c", "\
from http.client import HTTPConnection; \
one = HTTPConnection('127.0.0.1', 8000, timeout=4); \
one.request('GET', '/healthz'); \
raise SystemExit(one.getresponse().status != 200)"]
CMD ["playground", "serve", "--no-open"]
