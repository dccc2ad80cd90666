/** Where the application lies, as the document's <base> says: "" at the root of a host, "/stats" below that path. */
export const base = new URL(document.baseURI).pathname.replace(/\/[^/]*$/, "");

/** The address of one of our paths: "/users" → "/stats/users". */
export const below = (path: string): string => base + path;
