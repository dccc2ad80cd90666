/** Milliseconds of processor time that some work takes: unlike the clock's they don't depend on what else the machine does. */
export function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
