import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import PostalMime from 'postal-mime';
import { formsOf } from '../../functions/privacy/suppression-list.ts';
import type { HeldLake } from '../../functions/storage/changes.ts';
import { type Lake, readObject } from '../../functions/storage/object-store.ts';
import { nextSequenceOf } from '../held.ts';
import { unzip } from '../report/open-workbook.ts';
import type { Ask } from '../warehouse/duck.ts';
import { PERSON } from './planted.ts';

/** Every file by its key. */
export type Files = ReadonlyMap<string, Uint8Array>;

export async function filesIn(lake: Pick<Lake, 'get' | 'list'>): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for await (const key of lake.list('')) files.set(key, (await readObject(lake, key)) ?? Buffer.alloc(0));
  return files;
}

/** The lake in memory, with what was in it. */
export function lakeOf(files: Files): HeldLake {
  const objects = new Map(files);
  return {
    now: () => Date.now(),
    nextSequence: () => nextSequenceOf(objects.keys()),
    async put(key, body) {
      objects.set(key, body);
    },
    async putIfAbsent(key, body) {
      if (objects.has(key)) return false;
      objects.set(key, body);
      return true;
    },
    async get(key) {
      const body = objects.get(key);
      return body ? ReadableStream.from([body]) : null;
    },
    async *list(prefix) {
      yield* [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    },
    async delete(key) {
      objects.delete(key);
    },
  };
}

/** What a file says to whoever opens it with the right program. */
async function contentOf(key: string, bytes: Uint8Array, ask: Ask): Promise<string> {
  if (key.endsWith('.gz')) return gunzipSync(bytes).toString();
  if (key.endsWith('.eml')) {
    const { subject, text, html, attachments } = await PostalMime.parse(bytes);
    const attached = attachments.map(({ content }) => textOf(Buffer.from(content as ArrayBuffer)));
    return [subject, text, html, ...attached].join('\n');
  }
  if (key.endsWith('.xlsx')) return textOf(bytes);
  if (!key.endsWith('.parquet')) return Buffer.from(bytes).toString();
  const folder = await mkdtemp(join(tmpdir(), 'chat-report-'));
  const path = join(folder, 'table.parquet');
  await writeFile(path, bytes);
  const rows = await ask(`SELECT * FROM read_parquet('${path}')`);
  const facts = await ask(
    `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata('${path}')`,
  );
  await rm(folder, { recursive: true });
  return JSON.stringify([rows, facts], (_name, value) => (typeof value === 'bigint' ? String(value) : value));
}

function textOf(workbook: Uint8Array): string {
  return [...unzip(Buffer.from(workbook))].map(([_name, part]) => part.toString()).join('\n');
}

/** The places at which the person is still to be found: each a key, and what of them is there. */
export async function findTraces(
  files: Iterable<readonly [string, Uint8Array]>,
  ask: Ask,
): Promise<string[]> {
  const traces: string[] = [];
  for (const [key, bytes] of files) {
    const said = await contentOf(key, bytes, ask);
    // JSON may write any character as an escape.
    const plain = said.replaceAll(/\\u([0-9a-f]{4})/gi, (_escape, hex) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    const text = formsOf(plain).join('\n').toLowerCase().normalize();
    const dialled = text.replaceAll(/(?<=\d)[ .()-]+(?=\d)/g, '');
    const needles = {
      id: new RegExp(`(?<!\\d)${PERSON.id}(?!\\d)`).test(text),
      phone: dialled.includes(PERSON.phone.slice(1)),
      email: /(?<![a-z.])diem\.xua@example\.org/.test(text),
      name: text.includes(PERSON.name.toLowerCase().normalize()),
    };
    for (const [what, isThere] of Object.entries(needles)) if (isThere) traces.push(`${what} in ${key}`);
  }
  return traces;
}
