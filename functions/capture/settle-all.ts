/**
 * Waits until all have ended, and only then fails where one has: what goes on behind a failure would write, and be
 * counted, after others took that for over.
 *
 * @throws the first failure, in the order in which they happened
 */
export async function settleAll<Result>(running: readonly Promise<Result>[]): Promise<Result[]> {
  const failures: unknown[] = [];
  const results: Result[] = [];
  await Promise.all(
    running.map(async (one, place) => {
      try {
        results[place] = await one;
      } catch (error) {
        failures.push(error);
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
  return results;
}
