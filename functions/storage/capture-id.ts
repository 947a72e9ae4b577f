import { randomBytes } from 'node:crypto';

/**
 * A name for one capture, such as `20261122T001502123Z-9f3c2a`: in the order of time when sorted as text,
 * and different for two that start in the same millisecond.
 */
export function newCaptureId(epochMs: number): string {
  const moment = new Date(epochMs).toISOString().replaceAll(/[-:.]/g, '');
  return `${moment}-${randomBytes(3).toString('hex')}`;
}
