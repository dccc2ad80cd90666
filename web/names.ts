/** What to call a user: who was forgotten has no name, and some have one that cannot be seen. */
export const nameOf = ({ uid, name }: { uid: number; name: string }): string => (name.trim() === "" ? `#${uid}` : name);
