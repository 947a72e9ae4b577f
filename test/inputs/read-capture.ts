import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Channel } from '../../functions/chats/channel.ts';
import { readParquet } from '../warehouse/read-parquet.ts';
import type { RunningCase } from './run-case.ts';

const LAKE = 'out/lake';
const placeOf = (channel: Channel) => `dt=2026-11-20/channel=${channel}`;

/** What came of a channel on the day of a case, as it is kept: the pages of all its captures. */
export async function readRaw({ cwd }: RunningCase, channel: Channel): Promise<Buffer[]> {
  const place = join(cwd, LAKE, 'raw/chats', placeOf(channel));
  const names = (await readdir(place, { recursive: true })).filter((name) => name.includes('page-'));
  return await Promise.all(
    names.toSorted().map(async (name) => gunzipSync(await readFile(join(place, name)))),
  );
}

/** Of the first capture. */
export async function readManifest(opened: RunningCase, channel: Channel): Promise<unknown> {
  const place = `raw/chats/${placeOf(channel)}`;
  const [capture] = await readdir(join(opened.cwd, LAKE, place));
  return await opened.readLake(`${place}/${capture}/manifest.json`);
}

/** The table for analysts. */
export async function readChats({ cwd }: RunningCase, channel: Channel): Promise<Record<string, unknown>[]> {
  return await readParquet(
    await readFile(join(cwd, LAKE, 'curated/chats', placeOf(channel), 'chats.parquet')),
  );
}
