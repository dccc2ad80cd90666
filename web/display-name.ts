/** What to call a user: forgotten users have no name, and some names are invisible. */
export const displayName = ({ uid, name }: { uid: number; name: string }): string =>
  name.trim() === "" ? `#${uid}` : name;
