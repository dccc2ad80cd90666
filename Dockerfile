# One image for all commands. It runs the server by default; pass another command, such as `bun run update --every 15m`,
# as arguments.
FROM oven/bun:1.4.5-slim AS build
WORKDIR /app
COPY . .
RUN bun install --frozen-lockfile --filter @potstats/web \
 && bun run web:build
# Reinstall with runtime dependencies only. The optional ones are the embedded services, which the image does not use,
# and Vite's native binaries, which only the build above needs.
RUN find . -name node_modules -prune -exec rm -rf {} + \
 && bun install --frozen-lockfile --production --omit=optional

FROM oven/bun:1.4.5-slim
WORKDIR /app
COPY --from=build /app /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
USER bun
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["bun", "server/healthcheck.ts"]
CMD ["bun", "server/main.ts"]
