# Gradwalk in one image: `docker compose up`. Nothing is fetched at run time.
FROM python:3.11-slim-bookworm AS build
# The index that PyTorch comes from; the CPU build is some 200 MB, the default one several GB.
ARG TORCH_INDEX_URL=
RUN python3 -m venv /opt/gradwalk
WORKDIR /source
COPY requirements-torch.txt ./
RUN /opt/gradwalk/bin/pip install --no-cache-dir --quiet \
    ${TORCH_INDEX_URL:+--index-url "$TORCH_INDEX_URL"} --requirement requirements-torch.txt
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY app app
COPY templates templates
COPY static static
RUN /opt/gradwalk/bin/pip install --no-cache-dir --quiet --constraint requirements.lock '.[postgres]'

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin gradwalk \
    && mkdir /data && chown gradwalk: /data
COPY --from=build /opt/gradwalk /opt/gradwalk
ENV GRADWALK_DATA_DIR=/data GRADWALK_HOST=0.0.0.0 PYTHONDONTWRITEBYTECODE=1
USER gradwalk
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD ["/opt/gradwalk/bin/python3", "-c", \
    "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ.get(\"GRADWALK_PORT\", \"8000\")}/api/v1/health', timeout=4)"]
CMD ["/opt/gradwalk/bin/gradwalk", "serve"]
