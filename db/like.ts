/** A LIKE pattern for values that start with this text. */
export const likePrefix = (text: string): string => `${text.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
