# One image for all commands: the server by default, `bun run update --every 15m` and the others by argument.
FROM oven/bun:1.4.5-slim AS build
WORKDIR /app
COPY . .
RUN bun install --frozen-lockfile --omit=optional \
 && bun run web:build
# Again without what only building needs; optional dependencies are the embedded services, which stay out.
RUN find . -name node_modules -prune -exec rm -rf {} + \
 && bun install --frozen-lockfile --production --omit=optional

FROM oven/bun:1.4.5-slim
WORKDIR /app
COPY --from=build /app /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
USER bun
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["bun", "-e", "process.exit((await fetch(`http://127.0.0.1:${process.env.PORT}/healthz`)).ok ? 0 : 1)"]
CMD ["bun", "server/main.ts"]
