/** This machine is reached without a proxy, whatever HTTP_PROXY says: a proxy elsewhere would ask itself. */

const always = ["localhost", "127.0.0.1", "::1", "[::1]"];

/**
 * Adds this machine's names, and its other addresses (127.…) that a setting holds, to NO_PROXY. Bun's `fetch` looks there for
 * each request.
 * @param environment is changed
 */
export function spareLoopback(environment: Record<string, string | undefined>): void {
  if (!["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].some((name) => environment[name] || environment[name.toLowerCase()]))
    return;
  const others = Object.values(environment).flatMap((value) => {
    const host = value && URL.canParse(value) ? new URL(value).hostname : "";
    return host.startsWith("127.") ? [host] : [];
  });
  const given = [environment["NO_PROXY"], environment["no_proxy"]].flatMap((list) => list?.split(",") ?? []);
  const hosts = new Set([...given.map((host) => host.trim()).filter((host) => host !== ""), ...always, ...others]);
  environment["NO_PROXY"] = environment["no_proxy"] = [...hosts].join(",");
}
