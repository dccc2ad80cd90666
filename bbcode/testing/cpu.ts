/** The CPU time of some work, in milliseconds. Unlike elapsed time, it does not depend on other load. */
export function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
