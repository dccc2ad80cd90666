/**
 * JSON in fewer bytes: lists of objects with the same keys are stored as columns, so that keys are written once and
 * similar values stand side by side, which compresses well. Pure.
 */

/** The key that marks a table. No response of the API has it. */
const mark = "#";

type Packed = unknown;
type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The keys that all items have, in the same order; undefined for anything but two or more objects with such keys. */
function sharedKeys(items: readonly unknown[]): string[] | undefined {
  const [first] = items;
  if (items.length < 2 || !isFields(first)) return undefined;
  const keys = Object.keys(first);
  const name = JSON.stringify(keys);
  const isSame = keys.length > 0 && items.every((item) => isFields(item) && JSON.stringify(Object.keys(item)) === name);
  return isSame ? keys : undefined;
}

const mapped = (fields: Fields, change: (value: unknown) => unknown): Fields =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, change(value)]));

/**
 * Packs JSON.
 * @throws Error if an object has the key that marks a table
 */
export function pack(value: unknown): Packed {
  if (Array.isArray(value)) {
    const keys = sharedKeys(value);
    if (!keys) return value.map(pack);
    const columns = keys.map((key) => pack((value as Fields[]).map((item) => item[key])));
    return { [mark]: keys, columns };
  }
  if (!isFields(value)) return value;
  if (mark in value) throw new Error(`an object has the key ${mark}`);
  return mapped(value, pack);
}

/** What was packed: the same JSON, with keys in the same order. */
export function unpack(value: Packed): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (!isFields(value)) return value;
  if (!(mark in value)) return mapped(value, unpack);
  const keys = value[mark] as string[];
  const columns = (value["columns"] as Packed[]).map((column) => unpack(column) as unknown[]);
  return (columns[0] ?? []).map((_, row) => Object.fromEntries(keys.map((key, at) => [key, columns[at]?.[row]])));
}

/** The responses of an endpoint: the names of the responses, and the responses, packed as one list. */
type PackedEndpoint = [names: string[], responses: Packed];

/** Packs responses by name (see keys.ts), those of each endpoint together. */
export function packResponses(responses: ReadonlyMap<string, unknown>): PackedEndpoint[] {
  const names = [...responses.keys()].toSorted((a, b) => (a < b ? -1 : 1));
  const groups = Map.groupBy(names, (name) => name.split("?")[0]);
  return [...groups.values()].map((own) => [own, pack(own.map((name) => responses.get(name)))]);
}

/** The responses by name. */
export const unpackResponses = (endpoints: readonly PackedEndpoint[]): Map<string, unknown> =>
  new Map(
    endpoints.flatMap(([names, packed]) => {
      const responses = unpack(packed) as unknown[];
      return names.map((name, at) => [name, responses[at]] as const);
    }),
  );
