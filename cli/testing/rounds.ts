/** How many rounds random tests run. */

const factor = Number(process.env["TEST_ROUNDS"] ?? 1);

/** The number of rounds; `TEST_ROUNDS=10` runs ten times as many. @param usual in an ordinary run */
export const rounds = (usual: number): number => Math.ceil(usual * factor);
