export const STATES = ['right', 'unproven', 'wrong', 'lost', 'doubled'] as const;

interface Run {
  readonly kind: string;
  readonly hasDied: boolean;
  readonly state: (typeof STATES)[number];
}

/** A line a kind, and one of all. */
export function tableOf(runs: readonly Run[]): string {
  const kinds = Map.groupBy(runs, ({ kind }) => kind);
  const counts = [...kinds].toSorted().map(([kind, all]) => {
    const by = STATES.map((state) => all.filter((run) => run.state === state).length);
    return [kind, all.length, all.filter(({ hasDied }) => hasDied).length, ...by];
  });
  const totals = counts.reduce<number[]>(
    (sums, [, ...row]) => row.map((count, at) => Number(count) + (sums[at] ?? 0)),
    [],
  );
  const rows = [['kind', 'runs', 'killed', ...STATES], ...counts, ['all', ...totals]];
  return rows
    .map(
      ([kind, ...cells]) =>
        `${String(kind).padEnd(26)}${cells.map((cell) => String(cell).padStart(10)).join('')}`,
    )
    .join('\n');
}
