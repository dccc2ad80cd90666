/** Loopback addresses are always reached directly: a proxy on another machine would resolve them to itself. */

const loopbackHosts = ["localhost", "127.0.0.1", "::1", "[::1]"];

/**
 * Adds loopback names, and each 127.… address that a variable contains, to NO_PROXY. Bun's `fetch` reads it on every
 * request.
 * @param environment is modified
 */
export function bypassProxyForLoopback(environment: Record<string, string | undefined>): void {
  if (!["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].some((name) => environment[name] || environment[name.toLowerCase()]))
    return;
  const configured = Object.values(environment).flatMap((value) => {
    const host = value && URL.canParse(value) ? new URL(value).hostname : "";
    return host.startsWith("127.") ? [host] : [];
  });
  const existing = [environment["NO_PROXY"], environment["no_proxy"]].flatMap((list) => list?.split(",") ?? []);
  const hosts = new Set([
    ...existing.map((host) => host.trim()).filter((host) => host !== ""),
    ...loopbackHosts,
    ...configured,
  ]);
  environment["NO_PROXY"] = environment["no_proxy"] = [...hosts].join(",");
}
