/**
 * What precedes `/<uid>` in the address of a profile. The real forum has its profiles on another host; any other forum
 * serves them itself, and a simulated one must never send us to real profiles.
 */
export function profilesOf(forumUrl: string, profilesUrl: string): string {
  const isReal = /^https?:\/\/(forum\.)?mods\.de$/.test(forumUrl);
  const isDefault = profilesUrl === "https://my.mods.de";
  return isDefault && !isReal ? forumUrl : profilesUrl;
}
