import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { newCaptureId } from '../storage/capture-id.ts';
import { sha256 } from '../storage/captures.ts';
import { type DirectoryFile, directories, findDirectory } from '../storage/directory.ts';
import { directoryKey } from '../storage/keys.ts';
import type { Lake } from '../storage/lake.ts';
import type { Clock } from '../time/clock.ts';
import type { Day } from '../time/report-day.ts';
import { explainOrThrow } from './explain-failure.ts';
import type { ChatSource, DirectoryName } from './source.ts';

const pack = promisify(gzip);

export interface DirectoryPorts {
  readonly caresoft: Pick<ChatSource, 'names'>;
  readonly lake: Lake;
  readonly clock: Clock;
}

export interface DirectoryRequest {
  readonly day: Day;
  readonly source: string;
  /** A directory that was captured before this instant, ISO 8601, does not count; null when each does. */
  readonly since: string | null;
}

export async function hasDirectory(
  { day, source, since }: DirectoryRequest,
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<boolean> {
  const known = await findDirectory(lake, day, source);
  return known !== null && (since === null || known.capturedAt >= since);
}

/**
 * Brings the names of agents and services into the lake, as they were when the day was captured, so that the report
 * can be made again without a call. Names are no figures: where CareSoft gives none, the report stands without them.
 *
 * @returns what makes them count, with or without those that could not be had
 */
export async function captureDirectory(
  { day, source }: DirectoryRequest,
  { caresoft, lake, clock }: DirectoryPorts,
): Promise<{ readonly isWhole: boolean; readonly conclude: () => Promise<void> }> {
  const now = clock.now();
  const captureId = newCaptureId(now);
  const capturedAt = new Date(now).toISOString();

  async function keep(name: DirectoryName): Promise<DirectoryFile> {
    try {
      const { body, rows, charset } = await caresoft.names(name);
      await lake.put(directoryKey(day, captureId, name), await pack(body));
      return {
        state: 'read',
        rows: rows.length,
        bytes: body.byteLength,
        sha256: sha256(body),
        ...(charset !== undefined && { charset }),
      };
    } catch (error) {
      return { state: 'unavailable', detail: explainOrThrow(error, clock.now()).detail ?? '' };
    }
  }

  const [agents, services] = await Promise.all([keep('agents'), keep('services')]);
  const files = { agents, services };
  const manifest = { schema: 'chat-report/directory/1' as const, captureId, source, capturedAt, day, files };
  return {
    isWhole: [agents, services].every(({ state }) => state === 'read'),
    conclude: () => directories.write(lake, manifest, manifest),
  };
}
