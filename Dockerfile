# guildfleet as an image:  docker build -t guildfleet:0.1.0 --build-arg RELEASE=0.1.0 .      (podman build does too)
# What it runs as owns nothing but /app/storage and /app/weights, needs no shell, and may have its root file system read only.

FROM debian:bookworm-slim AS build
WORKDIR /source
COPY scripts/install-deps scripts/lib.sh scripts/debian-packages.txt scripts/
RUN scripts/install-deps build
COPY CMakeLists.txt CMakePresets.json ./
COPY cmake cmake
COPY data data
COPY docs/alerts docs/alerts
COPY src src
RUN --mount=type=cache,target=/var/cache/ccache \
    export CCACHE_DIR=/var/cache/ccache CCACHE_SLOPPINESS=pch_defines,time_macros && \
    cmake --preset image && cmake --build build/image --target guildfleet && \
    llvm-strip-19 -o guildfleet build/image/guildfleet

FROM debian:bookworm-slim
ARG RELEASE=0.1.0
LABEL org.opencontainers.image.title="guildfleet" \
      org.opencontainers.image.description="Runs and operates fleets of Discord bots" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${RELEASE}"
# Neither lists nor logs of the package manager stay: they are of no use and differ from build to build.
RUN apt-get update && \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      ca-certificates libhiredis0.14 libpq5 libpqxx-6.4 libprometheus-cpp-core1.0 libsimdjson14 libspdlog1.10 \
      libsqlite3-0 libssl3 libstdc++6 libyaml-cpp0.7 libzstd1 zlib1g && \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/cache/ldconfig/aux-cache \
      /var/log/apt /var/log/dpkg.log /var/log/alternatives.log && \
    install -d -o 65532 -g 65532 /app /app/storage /app/storage/logs /app/weights
COPY --from=build /source/guildfleet /usr/local/bin/guildfleet
ENV RELEASE=${RELEASE}
WORKDIR /app
USER 65532:65532
EXPOSE 3001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["guildfleet", "health"]
ENTRYPOINT ["guildfleet"]
CMD ["run"]
