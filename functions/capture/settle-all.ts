/**
 * As `Promise.all`, but it waits until all have ended, and only then fails where one has: what goes on behind a failure
 * would still write, and be counted, after others took that for over.
 *
 * @throws the failure that happened first
 */
export async function settleAll<const Running extends readonly unknown[]>(running: Running) {
  const failures: unknown[] = [];
  await Promise.all(
    running.map(async (one) => {
      try {
        await one;
      } catch (error) {
        failures.push(error);
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
  return await Promise.all(running);
}
