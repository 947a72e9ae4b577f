import { pick, share, stir } from '../../functions/sources/caresoft/simulator/draw.ts';
import type { SesFault } from '../aws/ses-endpoint.ts';
import type { BucketFaults } from './bad-bucket.ts';
import { CALLS, type DiskFaults } from './bad-disk.ts';

const GROUNDS = [
  'a full disk',
  'a failing disk',
  'S3 loses answers',
  'SES loses answers',
  'S3 and SES lose answers',
] as const;

/** What a day is reported on, and what befalls it until it is healthy again. */
export interface Ground {
  readonly number: number;
  readonly kind: (typeof GROUNDS)[number];
  readonly seed: number;
  readonly chats: number;
  readonly cap: number;
  readonly recipients: number;
  /** Null where the lake is not in a folder, as the next is where it is not in a bucket. */
  readonly disk: DiskFaults | null;
  readonly bucket: BucketFaults | null;
  readonly ses: readonly SesFault[];
  /** Mail goes into files on the same disk. */
  readonly hasOutbox: boolean;
  /** Whether one process does all of it, as one that serves does; else each run is another. */
  readonly isServed: boolean;
  /** Whether the day before was reported on healthy ground. */
  readonly isKnown: boolean;
  readonly mornings: readonly Morning[];
}

/** A run on bad ground. */
export interface Morning {
  /** How many runs are at work at once. */
  readonly runs: 1 | 2;
  /** After how many writes the process dies; null where it lives. */
  readonly death: number | null;
  /** Whether it waits and tries again, as on AWS. */
  readonly isPatient: boolean;
}

type Draw = (aspect: number) => number;

const SIZES = [0, 3, 20, 60, 60, 120, 200];
const ROOMS = [0, 100, 1_000, 3_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000];
const PARTS = [0.01, 0.03, 0.1, 0.3];
const SES_FAULTS: readonly SesFault[] = [
  'accepted-reset',
  'accepted-reset',
  'accepted-stalled-within',
  'accepted-stalled',
  'reset',
  'stalled',
  'slow',
  'Throttling',
  'Throttling',
  'DailyQuota',
  'InternalFailure',
  'ServiceUnavailable',
  502,
  403,
];

export function drawGround(seed: number, number: number): Ground {
  const state = stir(stir(seed, 43), number);
  const draw: Draw = (aspect) => share(state, aspect);
  const kind = pick(GROUNDS, draw(1));
  const isBucket = kind.startsWith('S3');
  const isDisk = kind.endsWith('disk');
  const hasOutbox = isDisk && draw(2) < 0.5;
  const mails = kind.includes('SES') ? 1 + Math.floor(draw(3) * 9) : 0;
  return {
    number,
    kind,
    seed: 1 + Math.floor(draw(4) * 1_000),
    chats: pick(SIZES, draw(5)),
    cap: pick([20, 50, 500], draw(6)),
    recipients: pick([1, 2, 3], draw(7)),
    disk: isDisk ? drawDisk(state, kind === 'a full disk', draw) : null,
    bucket: isBucket ? drawBucket(state, draw) : null,
    ses: Array.from({ length: mails }, (_, place) => pick(SES_FAULTS, draw(100 + place))),
    hasOutbox,
    isServed: draw(10) < 0.4,
    isKnown: draw(8) < 0.5,
    mornings: [50, 60, 70]
      .slice(0, 1 + Math.floor(draw(9) * 3))
      .map((first) => drawMorning((aspect) => draw(first + aspect))),
  };
}

function drawMorning(draw: Draw): Morning {
  const runs = draw(0) < 0.2 ? 2 : 1;
  return {
    runs,
    death: draw(1) < 0.25 ? Math.floor(draw(2) ** 2 * 60) : null,
    // Waits are passed over, which would be no time at all for the other.
    isPatient: runs === 1 && draw(3) < 0.4,
  };
}

function drawDisk(seed: number, isFull: boolean, draw: Draw): DiskFaults {
  const whole: DiskFaults = {
    ...{ seed, room: null, fullCode: draw(20) < 0.8 ? 'ENOSPC' : 'EDQUOT' },
    ...{ readOnlyAfter: null, goneAfter: null, fails: [], part: 0, doneAllTheSame: 0 },
  };
  if (isFull) return { ...whole, room: Math.floor(pick(ROOMS, draw(21)) * (0.5 + draw(22))) };
  const after = Math.floor(draw(23) ** 2 * 1_500);
  if (draw(24) < 0.15) return { ...whole, readOnlyAfter: after };
  if (draw(24) < 0.3) return { ...whole, goneAfter: after };
  const fails = CALLS.filter((_, place) => draw(30 + place) < 0.35);
  return { ...whole, fails, part: pick(PARTS, draw(25)), doneAllTheSame: pick([0, 0.5, 1], draw(26)) };
}

function drawBucket(seed: number, draw: Draw): BucketFaults {
  return {
    seed,
    part: pick([0.05, 0.15, 0.4, 0.6], draw(20)),
    from: Math.floor(draw(21) ** 2 * 150),
    until: draw(22) < 0.4 ? Math.floor(150 + draw(23) * 200) : Number.POSITIVE_INFINITY,
    isOutage: draw(24) < 0.15,
  };
}
