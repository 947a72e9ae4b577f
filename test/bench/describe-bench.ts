import {
  BENCH_TITLES,
  type BenchId,
  DAY_STAGES,
  ERASURE_LAKE,
  type MeasuredBench,
  type MeasuredLake,
  type MeasuredStage,
} from './measured.ts';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const decimal = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** All tables in Markdown, for a terminal. */
export function describeBench(measured: MeasuredBench): string {
  return `${Object.values(PARTS)
    .map((describe) => describe(measured))
    .filter((text) => text !== '')
    .join('\n')}`;
}

/** A row for each stage, three columns for each number of chats. */
function describeStages({ lakes }: MeasuredBench): string {
  if (lakes.length === 0) return '';
  const measured = DAY_STAGES.filter((id) => lakes.some((lake) => stageOf(lake, id)));
  return table(
    ['', ...lakes.flatMap(({ chats }) => [`${whole.format(chats)}: CPU s`, '÷ floor', 'peak MB'])],
    measured.map((id) => [BENCH_TITLES[id], ...lakes.flatMap((lake) => cellsOf(stageOf(lake, id)))]),
  );
}

function cellsOf(stage: MeasuredStage | undefined): string[] {
  if (stage === undefined) return ['', '', ''];
  return [precise.format(stage.cpuSeconds), decimal.format(stage.toFloor), whole.format(stage.peakMb)];
}

/** How the stages stand to DuckDB. */
function describeDuck({ lakes }: MeasuredBench): string {
  const rows = (
    [
      ['figures', 'duck-figures'],
      ['tables', 'duck-table'],
      ['derive', 'duck-both'],
    ] as const
  ).map(([stage, duck]) => [
    `${BENCH_TITLES[stage]} ÷ ${BENCH_TITLES[duck]}`,
    ...lakes.map((lake) => {
      const [ours, theirs] = [stageOf(lake, stage), stageOf(lake, duck)];
      return ours && theirs ? decimal.format(ours.toFloor / theirs.toFloor) : '';
    }),
  ]);
  if (rows.every(([, ...cells]) => cells.every((cell) => cell === ''))) return '';
  return table(['', ...lakes.map(({ chats }) => whole.format(chats))], rows);
}

const DAYS_A_YEAR = 365;

function describeErasure({ erasure }: MeasuredBench): string {
  const [floor, search] = [stageOf(erasure, 'floor-of-days'), stageOf(erasure, 'erase')];
  if (!(floor && search)) return '';
  const { days, chats } = ERASURE_LAKE;
  const year = (search.cpuSeconds * DAYS_A_YEAR) / days;
  return table(
    ['', 'CPU s', '÷ floor', 'peak MB'],
    [
      [`floor: the pages of ${days} days of ${chats} chats`, ...cellsOf(floor)],
      [`erasure, dry run over these days`, ...cellsOf(search)],
      [`the same over a year: ${DAYS_A_YEAR} ÷ ${days} of it`, precise.format(year), '', ''],
    ],
  );
}

function describeColdStarts({ coldStarts }: MeasuredBench): string {
  if (coldStarts.length === 0) return '';
  return table(
    ['function', 'CPU ms over an empty one', 'KB'],
    coldStarts.map(({ bundle, overEmptyMs, bytes }) => [
      bundle,
      whole.format(overEmptyMs),
      whole.format(bytes / 1_000),
    ]),
  );
}

/** Where and when each number of chats was measured. */
function describeRuns({ lakes, erasure }: MeasuredBench): string {
  const rows = [...lakes, ...(erasure ? [erasure] : [])].map((lake) => [
    lake === erasure ? 'erasure' : whole.format(lake.chats),
    lake.measuredOn,
    lake.node,
    whole.format(lake.cores),
    whole.format(lake.rounds),
  ]);
  return table(['chats', 'measured on', 'Node', 'cores', 'rounds'], rows);
}

function stageOf(lake: MeasuredLake | null, id: BenchId): MeasuredStage | undefined {
  return lake?.stages.find(({ stage }) => stage === id);
}

/** The first column is text, and the others are numbers. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const ruler = head.map((_, at) => (at === 0 ? '---' : '---:'));
  return `${[head, ruler, ...rows].map(line).join('\n')}\n`;
}

const PARTS = {
  stages: describeStages,
  duckdb: describeDuck,
  erasure: describeErasure,
  'cold starts': describeColdStarts,
  runs: describeRuns,
} as const;

/** A page with each generated part written again between its two comments. @throws Error where the page lacks them */
export function renewBench(page: string, measured: MeasuredBench): string {
  return Object.entries(PARTS).reduce((text, [name, describe]) => {
    const part = new RegExp(`(?<=<!-- ${name} -->\n).*?(?=<!-- /${name} -->)`, 's');
    if (!part.test(text)) throw new Error(`the page has no place for ${name}`);
    return text.replace(part, () => `\n${describe(measured)}\n`);
  }, page);
}
