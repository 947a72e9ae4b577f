import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one day of one account asks of AWS once it has run for a week: everything that the bill is made of. */
export interface MeasuredDay {
  readonly chats: number;
  /** Requests to S3, by the classes of its price list. DELETE is free. */
  readonly s3: { readonly writes: number; readonly reads: number; readonly deletes: number };
  /** Bytes that the day adds to each place of the lake, and those that it makes past versions. */
  readonly bytes: Readonly<Record<string, { readonly added: number; readonly past: number }>>;
  /** Of all functions. */
  readonly invocations: number;
  /** CPU time of the workflow on the machine that measured. */
  readonly cpuMs: number;
  /** Requests to the source. */
  readonly sourceRequests: number;
  readonly durable: { readonly operations: number; readonly bytes: number };
  /** What the functions say, with the metrics in it. */
  readonly logBytes: number;
  /** Metrics of the program's own, by name and dimensions. */
  readonly metrics: number;
  readonly secretReads: number;
  readonly mails: { readonly count: number; readonly bytes: number };
  readonly events: number;
}

/** What a report asks of AWS when it is read through the API. */
export interface MeasuredReading {
  readonly s3Reads: number;
  readonly logBytes: number;
}

export interface Measured {
  /** By ascending number of chats. */
  readonly days: readonly MeasuredDay[];
  readonly reading: MeasuredReading;
  /** Bytes of the archives that Lambda keeps, by function. */
  readonly code: Readonly<Record<string, number>>;
}

export const MEASURED_FILE = join(import.meta.dirname, 'measured.json');

export function readMeasured(): Measured {
  return JSON.parse(readFileSync(MEASURED_FILE, 'utf8')) as Measured;
}
