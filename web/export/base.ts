/** Stands in for base.ts in an export: pages are addresses behind `index.html#`, which main.tsx puts before links. */
export const base = "";
export const below = (path: string): string => path;
