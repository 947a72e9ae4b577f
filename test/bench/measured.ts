import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a stage hands over once it is open. */
export interface OpenedStage {
  /** What is measured. */
  readonly work: () => unknown;
  /** Removes what the work wrote. */
  readonly clear?: () => Promise<void>;
}

/** Opens a stage over the folder of a lake. What it does itself is not measured. */
export type OpenStage = (folder: string) => OpenedStage | Promise<OpenedStage>;

/** Each yardstick and what it does. The floor comes first. */
export const YARDSTICK_TITLES = {
  floor: 'floor: unpack the pages and parse their JSON',
  'floor-of-days': 'floor: the same for all days',
  'duck-figures': 'DuckDB: figures by SQL, one thread',
  'duck-table': 'DuckDB: a sorted Parquet file, one thread',
  'duck-both': 'DuckDB: both of one reading, one thread',
  'duck-both-threads': 'DuckDB: the same with its own number of threads',
} as const;

/** Each stage and what it does. */
const STAGE_TITLES = {
  figures: 'figures',
  tables: 'tables of chats',
  workbook: 'workbook',
  forms: 'page and text',
  derive: 'a whole derivation, written to a folder',
  'derive-with-history': 'the same with thirteen days before it',
  'tables-limited': 'tables of chats, in the limits of a function of 512 MB',
  'derive-limited': 'a derivation with thirteen days before it, in these limits',
  rebuild: '`chat-report rebuild` of the day with history',
  census: 'row census of a capture',
  erase: 'erasure, dry run',
} as const;

export type YardstickId = keyof typeof YARDSTICK_TITLES;
export type StageId = keyof typeof STAGE_TITLES;
export type BenchId = YardstickId | StageId;

export const BENCH_TITLES: Readonly<Record<BenchId, string>> = { ...YARDSTICK_TITLES, ...STAGE_TITLES };

/** What an erasure is measured by, over a lake of its own. The yardstick comes first. */
export const ERASURE_STAGES: readonly BenchId[] = ['floor-of-days', 'erase'];

/** What is measured over a day, in the order of a round. The yardstick comes first. */
export const DAY_STAGES = (Object.keys(BENCH_TITLES) as BenchId[]).filter(
  (id) => !ERASURE_STAGES.includes(id),
);

/** The stages that get no more memory than a function of so much. */
export const LIMITED: readonly BenchId[] = ['tables-limited', 'derive-limited'];
export const LIMITED_MEGABYTES = 512;

/** The lake in which an erasure looks for a person. */
export const ERASURE_LAKE = { days: 30, chats: 700 } as const;
/** The person's id. */
export const RARE_CUSTOMER = 999_000_001;

/** One stage in one process. */
export interface Sample {
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

/** Medians over the rounds of a run. */
export interface MeasuredStage extends Sample {
  readonly stage: BenchId;
  /** CPU of the stage by that of the floor, which was measured right before it. */
  readonly toFloor: number;
}

/** A lake, and what was measured over it. */
export interface MeasuredLake {
  /** Of the day. Those of an erasure are of each day. */
  readonly chats: number;
  /** YYYY-MM-DD. */
  readonly measuredOn: string;
  readonly node: string;
  readonly cores: number;
  readonly rounds: number;
  readonly stages: readonly MeasuredStage[];
}

/** How long a function takes to start. */
export interface ColdStart {
  readonly bundle: string;
  /** CPU beyond that of an empty handler. */
  readonly overEmptyMs: number;
  /** Of all its code, without the maps. */
  readonly bytes: number;
}

export interface MeasuredBench {
  /** By ascending number of chats. */
  readonly lakes: readonly MeasuredLake[];
  /** Null where it was not measured. */
  readonly erasure: MeasuredLake | null;
  readonly coldStarts: readonly ColdStart[];
}

export const BENCH_FILE = join(import.meta.dirname, 'measured.json');

export function readBench(): MeasuredBench {
  return JSON.parse(readFileSync(BENCH_FILE, 'utf8')) as MeasuredBench;
}
