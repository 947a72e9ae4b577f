import { sha256 } from '../../functions/capture/captures.ts';
import { listChanges, readChange } from '../../functions/storage/changes.ts';
import { type Lake, readObject } from '../../functions/storage/object-store.ts';

/** The tables of chats and figures as a reader of them has copied them. */
export interface Copied {
  /** The last change that it knows; an empty text before the first. */
  readonly through: string;
  /** What it has of each file. */
  readonly files: ReadonlyMap<string, string>;
}

type Read = Pick<Lake, 'get' | 'list'>;

/** By one who reads everything. */
export async function copyAll(lake: Read): Promise<Copied> {
  const through = (await listChanges(lake)).at(-1) ?? '';
  return { through, files: new Map(await readUnder('curated/chats/', 'curated/metrics/')) };

  async function readUnder(...prefixes: string[]): Promise<[string, string][]> {
    const found: [string, string][] = [];
    for (const prefix of prefixes) found.push(...(await hashesUnder(lake, prefix)));
    return found;
  }
}

/** By one who reads again the days that changed since, and nothing else. */
export async function followOn({ through, files }: Copied, lake: Read): Promise<Copied> {
  const news = (await listChanges(lake)).filter((sequence) => sequence > through);
  const followed = new Map(files);
  for (const sequence of news) {
    const { day } = (await readChange(lake, sequence)) ?? { day: '' };
    for (const key of [...followed.keys()].filter((one) => one.includes(`/dt=${day}/`))) followed.delete(key);
    for (const table of ['chats', 'metrics']) {
      for (const [key, hash] of await hashesUnder(lake, `curated/${table}/dt=${day}/`))
        followed.set(key, hash);
    }
  }
  return { through: news.at(-1) ?? through, files: followed };
}

async function hashesUnder(lake: Read, prefix: string): Promise<[string, string][]> {
  const keys = await Array.fromAsync(lake.list(prefix));
  return await Promise.all(
    keys.map(
      async (key): Promise<[string, string]> => [key, sha256((await readObject(lake, key)) ?? Buffer.of())],
    ),
  );
}
