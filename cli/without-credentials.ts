/** A base URL as it may be published: user and password are for the crawler only. */
export function withoutCredentials(url: string): string {
  const address = new URL(url);
  address.username = "";
  address.password = "";
  return address.href.replace(/\/+$/, "");
}
