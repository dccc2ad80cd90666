/** What stands before `/<uid>`. The real forum has its profiles elsewhere; any other serves them itself. A simulated forum must never send us to real profiles. */
export function profilesOf(forumUrl: string, profilesUrl: string): string {
  const isReal = /^https?:\/\/(forum\.)?mods\.de$/.test(forumUrl);
  const isDefault = profilesUrl === "https://my.mods.de";
  return isDefault && !isReal ? forumUrl : profilesUrl;
}
