import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { defineRecord } from '../../functions/storage/json-record.ts';
import { memoryLake } from '../web/memory-lake.ts';

const schema = z.strictObject({ name: z.string() });
const key = (id: number) => `things/${id}.json`;
const things = defineRecord({ schema, key, unreadable: 'null' });
const needed = defineRecord({
  schema,
  key,
  unreadable: (at, cause) => new Error(`${at} is lost`, { cause }),
});

describe('a record', () => {
  test('is written as JSON that a person and every reader can read, and read as it was written', async () => {
    const lake = memoryLake();
    await things.write(lake, 7, { name: 'Ánh' });
    const [value, json] = [{ name: 'Ánh' }, { name: 'Ánh' }];
    const bytes = Buffer.from('{\n  "name": "Ánh"\n}\n');
    expect(await things.find(lake, 7)).toEqual({ state: 'read', key: key(7), bytes, json, value });
    await things.write(lake, 7, { name: 'half \ud83d' });
    expect(await things.read(lake, 7)).toEqual({ name: 'half \ufffd' });
  });

  test('is created only where there is none, not even one that cannot be read', async () => {
    const lake = memoryLake();
    lake.write(key(2), '{');
    expect(await things.create(lake, 1, { name: 'first' })).toBe(true);
    expect(await things.create(lake, 1, { name: 'second' })).toBe(false);
    expect(await things.create(lake, 2, { name: 'second' })).toBe(false);
    expect(await things.read(lake, 1)).toEqual({ name: 'first' });
    expect(await things.find(lake, 2)).toMatchObject({ state: 'unreadable' });
  });

  test('that is not there is none, by any policy', async () => {
    for (const record of [things, needed]) {
      expect(await record.find(memoryLake(), 1)).toEqual({ state: 'none' });
      expect(await record.read(memoryLake(), 1)).toBeNull();
    }
  });
});

describe('a record that cannot be read', () => {
  const lake = memoryLake();
  lake.write(key(1), '{"name":');
  lake.write(key(2), { name: 2 });
  lake.write(key(3), { name: 'three' });
  lake.write('things/read.me', 'not of ours');

  test('is told from none, with what it says all the same, and why it is none', async () => {
    expect(await things.find(lake, 1)).toEqual({
      state: 'unreadable',
      key: key(1),
      bytes: Buffer.from('{"name":'),
      json: null,
      cause: expect.any(SyntaxError),
    });
    expect(await things.find(lake, 2)).toMatchObject({ json: { name: 2 }, cause: expect.any(z.ZodError) });
  });

  test('is as much as none, or nothing goes on without it', async () => {
    expect(await things.read(lake, 1)).toBeNull();
    await expect(needed.read(lake, 1)).rejects.toThrow('things/1.json is lost');
    await expect(needed.read(lake, 1)).rejects.toMatchObject({ cause: expect.any(SyntaxError) });
  });

  test('is passed over among others, or ends the listing', async () => {
    expect(await Array.fromAsync(things.readAll(lake, 'things/'))).toEqual([{ name: 'three' }]);
    expect(await Array.fromAsync(needed.readAll(lake, 'things/', '3.json'))).toEqual([{ name: 'three' }]);
    await expect(Array.fromAsync(needed.readAll(lake, 'things/'))).rejects.toThrow('things/1.json is lost');
  });

  test('is told with the error of its schema, such as one for a newer program', async () => {
    class NewerError extends Error {}
    const refuse = (): never => {
      throw new NewerError();
    };
    const record = defineRecord({ schema: { parse: refuse }, key, unreadable: 'null' });
    expect(await record.find(lake, 3)).toMatchObject({ cause: expect.any(NewerError) });
  });
});

test('a byte order mark is damage, unless it is passed over', async () => {
  const lake = memoryLake();
  const lenient = defineRecord({ schema, key, unreadable: 'null', skipsMark: true });
  for (const [marks, read] of [
    ['', [true, true]],
    ['\uFEFF', [false, true]],
    ['\uFEFF\uFEFF', [false, false]],
  ] as const) {
    lake.write(key(1), `${marks}{"name":"x"}`);
    const states = [await things.read(lake, 1), await lenient.read(lake, 1)].map((value) => value !== null);
    expect(states).toEqual(read);
  }
});
