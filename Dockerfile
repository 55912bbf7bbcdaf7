# syntax=docker/dockerfile:1
# OpenSend: docker build -t opensend . && docker run -p 3015:3015 -v opensend:/data opensend

FROM node:24-bookworm-slim AS build
WORKDIR /src
# Packages change less often than sources.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# The npm package contains all that the program needs.
RUN npm pack --ignore-scripts=false --pack-destination /tmp \
  && mkdir /app \
  && tar -xzf /tmp/opensend-*.tgz --strip-components=1 -C /app

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="OpenSend" \
  org.opencontainers.image.description="Send webhooks you can trust, from your own server." \
  org.opencontainers.image.licenses="MIT"
COPY --from=build /app /app
RUN install -d -o 1000 -g 1000 -m 0700 /data
# Keys that are not set are created in /data on the first start.
ENV HOST=0.0.0.0 \
  PORT=3015 \
  OPENSEND_DATA_DIR=/data \
  OPENSEND_PUBLIC_URL=http://localhost:3015 \
  NODE_COMPILE_CACHE=/tmp/opensend
WORKDIR /data
VOLUME /data
EXPOSE 3015
# node, whose ids file systems and orchestrators can check as numbers
USER 1000:1000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=16", "--", "/app/bin/opensend.js"]
CMD ["start"]
