# PostgreSQL with pgBackRest beside it, so that `archive_command` and restores run where the data are.
ARG POSTGRES_IMAGE=postgres:18.4-bookworm
FROM ${POSTGRES_IMAGE}
LABEL org.opencontainers.image.title="Tongchou database"
RUN apt-get update \
    && apt-get install -y --no-install-recommends pgbackrest \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o postgres -g postgres -m 0750 /var/lib/pgbackrest /var/spool/pgbackrest /var/log/pgbackrest
USER postgres
STOPSIGNAL SIGINT
