import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { labelOf, packPage, unpackPage, withLabel } from '../../functions/capture/captures.ts';
import { fc } from '../property.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openDuck, toPlain } from '../warehouse/duck.ts';

const labels = fc
  .array(fc.integer({ min: 0x20, max: 0x7e }), { maxLength: 300 })
  .map((codes) => String.fromCharCode(...codes));
const bodies = fc.uint8Array({ maxLength: 500 });

test('a label is read back, and what is packed is what it was', async () => {
  await fc.assert(
    fc.asyncProperty(labels, bodies, async (label, body) => {
      const packed = withLabel(await packPage(body), label);
      expect(labelOf(packed)).toBe(label);
      expect(unpackPage(packed)).toEqual(Buffer.from(body));
      expect(gunzipSync(packed)).toEqual(Buffer.from(body));
    }),
  );
});

test('a file of several parts is unpacked whole, and one that is cut or has a wrong size is none', () => {
  const [long, short] = ['x'.repeat(100_000), 'y'];
  for (const parts of [[long], [short], [long, short], [short, long], ['', long], [long, '']]) {
    const packed = Buffer.concat(parts.map((part) => gzipSync(part)));
    expect(String(unpackPage(packed))).toBe(parts.join(''));
    for (let bytes = 1; bytes < 9; bytes += 1) expect(unpackPage(packed.subarray(0, -bytes))).toBeNull();
    for (const size of [0, 2, 2 ** 32 - 1]) {
      const wrong = Buffer.from(packed);
      wrong.writeUInt32LE(size, wrong.length - 4);
      const isRight = size === parts.at(-1)?.length;
      expect(unpackPage(wrong) === null).toBe(!isRight);
    }
  }
  for (const bytes of [0, 1, 3, 4]) expect(unpackPage(new Uint8Array(bytes))).toBeNull();
});

test('there is none in a page of an earlier version, in one cut within it, and in what is no page', () => {
  const packed = gzipSync('{}');
  expect(labelOf(packed)).toBeNull();
  const labelled = withLabel(packed, 'question=1');
  for (let bytes = 0; bytes < 10 + 'question=1'.length; bytes += 1) {
    expect(labelOf(labelled.subarray(0, bytes))).toBeNull();
  }
  expect(labelOf(new Uint8Array())).toBeNull();
});

test('DuckDB reads a page that has one', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'page-0001.json.gz');
  const chats = [{ conversation_id: 'a', cus_name: 'Chị Lan' }, { conversation_id: 'b' }];
  const packed = await packPage(Buffer.from(JSON.stringify({ code: 'ok', numFound: 2, chats })));
  await writeFile(path, withLabel(packed, `question=${'0'.repeat(16)}&from=1&params=page%3D1`));
  const ask = await openDuck();
  const rows = await ask(
    `SELECT numFound, len(chats) AS rows, chats[1].cus_name AS name FROM read_json('${path}')`,
  );
  expect(rows.map((row) => Object.values(row).map(toPlain))).toEqual([[2, 2, 'Chị Lan']]);
  await rm(path);
});
