# The node, built from source and run without it. Configuration, keys, metadata and anchors are mounted at
# /etc/passerelle, never baked in; `listen.host` there must be 0.0.0.0 for the port to be reachable from outside.
#
#   docker build -t passerelle .
#   docker run --read-only -v ./node:/etc/passerelle:ro -e REDIS_URL -e PASSERELLE_SEAL_KEYS -p 8080:8080 passerelle
#
# It runs as user 1000, who must be able to read the keys. `listen.port` stays 8080, which is what the health check asks.
# `trust.copies`, where metadata is fetched, is a folder of a volume that this user may write to.

FROM node:24-bookworm-slim AS build
WORKDIR /passerelle
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit
COPY tsconfig.json tsconfig.build.json ./
COPY bin bin
COPY src src
RUN npm run -s build && npm prune --omit=dev --no-audit

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /passerelle
COPY --from=build /passerelle/package.json ./
COPY --from=build /passerelle/node_modules node_modules
COPY --from=build /passerelle/bin bin
COPY --from=build /passerelle/dist/src dist/src
USER node
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/passerelle.js"]
CMD ["serve", "/etc/passerelle/config.json"]
