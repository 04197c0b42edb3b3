# Two stages: the first installs the locked versions, the second holds nothing but them and the program.
# Bytecode is made here, since nothing can be written where the program runs.
FROM python:3.11-slim AS build
WORKDIR /app
COPY .ci/uv.txt ./
RUN pip install --no-cache-dir --require-hashes -r uv.txt
COPY pyproject.toml uv.lock README.md LICENSE ./
COPY momo momo
COPY bot bot
RUN python -m venv /venv && VIRTUAL_ENV=/venv uv sync --locked --extra bot --no-dev --no-editable --compile-bytecode --active

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home desk && install -d -o desk -g desk -m 0700 /data
COPY --from=build /venv /venv
USER desk
WORKDIR /data
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DATABASE_PATH=/data/momo-desk.db LISTEN_HOST=0.0.0.0 LISTEN_PORT=8080
EXPOSE 8080
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:%s/healthz' % os.environ['LISTEN_PORT'], timeout=4)"]
CMD ["python", "-m", "bot", "run"]
