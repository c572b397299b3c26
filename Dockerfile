# docker build -t goc-audit . && docker run --rm -v "$PWD:/work:ro" -e DATABASE_URL goc-audit scan
ARG NODE_IMAGE=node:22-alpine

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY commands commands
RUN npm run build && npx oclif manifest && npm prune --omit=dev --no-audit --no-fund

FROM ${NODE_IMAGE}
# Nobody: there is nothing to write but what a volume is mounted for.
USER 65532:65532
ENV NODE_ENV=production
WORKDIR /work
COPY --from=build /build/package.json /build/oclif.manifest.json /opt/goc-audit/
COPY --from=build /build/node_modules /opt/goc-audit/node_modules
COPY --from=build /build/dist /opt/goc-audit/dist
COPY schemas /opt/goc-audit/schemas
ENTRYPOINT ["node", "/opt/goc-audit/dist/src/bin.js"]
CMD ["scan"]
