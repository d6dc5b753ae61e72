# Built where the tools are, run where they are not. The lock file decides every package; none of their scripts runs.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY prisma.config.ts tsconfig.json tsconfig.build.json ./
COPY prisma ./prisma
COPY locales ./locales
COPY src ./src
RUN npm run generate && npm run build && find dist -name '*.map' -delete
# What is left in sbom.json: every package of the image, its hash and its licence.
RUN npm prune --omit=dev --omit=optional --ignore-scripts && npm pkg delete devDependencies \
 && npm sbom --sbom-format cyclonedx > sbom.json

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="Chuanda" \
      org.opencontainers.image.description="Passes official notices down a tree of units over chat, gathers the answers, and proves what it says." \
      org.opencontainers.image.licenses="MIT"
# What installs packages has no business where the service runs.
RUN rm -rf /usr/local/lib/node_modules /usr/local/include /opt/yarn-* \
           /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg \
 && ln -s /app/dist/src/main.js /usr/local/bin/chuanda && install -d -o 1000 -g 1000 -m 700 /data
WORKDIR /app
COPY --from=build /app/package.json /app/sbom.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# Nothing is written outside /data and /tmp, so the root may be read-only. Listening everywhere means: inside the container.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
USER 1000:1000
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Without a shell in between, SIGTERM reaches the service, which ends within 25 seconds: stop it with `-t 30`.
ENTRYPOINT ["node", "/app/dist/src/main.js"]
CMD ["serve"]
