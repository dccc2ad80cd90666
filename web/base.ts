/** The path below which the application is served, as the document's <base> says: "" at the root of a host, or "/stats". */
export const base = new URL(document.baseURI).pathname.replace(/\/[^/]*$/, "");

/** The URL of a path of the application: "/users" → "/stats/users". */
export const below = (path: string): string => base + path;
