import type { PageVoice } from './words.ts';

/** How bad a day was, by its missed rate: 0 none missed, then below 5, below 10, below 20 per cent, and from there on. */
export type Level = 0 | 1 | 2 | 3 | 4;

const LEAST: readonly { readonly level: Level; readonly rate: number }[] = [
  { level: 4, rate: 0.2 },
  { level: 3, rate: 0.1 },
  { level: 2, rate: 0.05 },
];

/** @returns null where there was nothing to miss. */
export function levelOf(missedRate: number | null): Level | null {
  if (missedRate === null) return null;
  if (missedRate === 0) return 0;
  return LEAST.find(({ rate }) => missedRate >= rate)?.level ?? 1;
}

/** What each colour stands for, the best first. */
export function levelLegend({ say, report }: PageVoice): readonly { level: Level; label: string }[] {
  return [
    { level: 0, label: say.noneMissed },
    { level: 1, label: say.below(report.format.percent(0.05)) },
    ...LEAST.toReversed().map(({ level, rate }) => ({ level, label: say.from(report.format.percent(rate)) })),
  ];
}
