import { pick, share, stir } from '../../functions/sources/caresoft/simulator/draw.ts';
import type { Fault } from '../aws/s3/fault.ts';
import type { S3Request } from '../aws/s3/s3-request.ts';

export interface BucketFaults {
  readonly seed: number;
  /** The part of requests that goes wrong, from one of them until another. */
  readonly part: number;
  readonly from: number;
  readonly until: number;
  /** All that is asked in between meets the same. */
  readonly isOutage: boolean;
}

const FAULTS: readonly Fault[] = [
  'reset-after',
  'reset-after',
  'reset-after',
  'reset-before',
  { refusal: 'SlowDown' },
  { refusal: 'ServiceUnavailable' },
  { refusal: 'InternalError' },
  { refusal: 'RequestTimeout' },
  { refusalAfter: 'InternalError' },
  { refusalAfter: 'SlowDown' },
  { delayMs: 30 },
  { lateMs: 15 },
];
const OF_READING: readonly Fault[] = ['cut-body', 'altered-body'];
const OF_CONDITIONS: readonly Fault[] = [{ refusal: 'ConditionalRequestConflict' }];

/** What befalls each request. */
export function badBucket(faults: BucketFaults): (request: S3Request) => Fault | null {
  let asked = 0;
  return ({ operation, headers }) => {
    asked += 1;
    if (asked < faults.from || asked >= faults.until) return null;
    const nth = stir(faults.seed, asked);
    if (faults.isOutage) return pick(FAULTS, share(faults.seed, 0));
    if (share(nth, 1) >= faults.part) return null;
    const more = [
      ...(operation === 'GetObject' ? OF_READING : []),
      ...(headers['if-none-match'] === undefined ? [] : OF_CONDITIONS),
    ];
    return pick([...FAULTS, ...more], share(nth, 2));
  };
}
