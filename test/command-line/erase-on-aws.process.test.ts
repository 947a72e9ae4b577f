import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { VersionedObjects } from '../aws/s3/versions.ts';
import { filesIn, findTraces } from '../erasure/everything.ts';
import { DAYS, PERSON, plantedRows } from '../erasure/planted.ts';
import { openDuck } from '../warehouse/duck.ts';
import { besideAws, callOnAws } from './beside-aws.ts';

describe('the command line, over AWS', () => {
  test('erases a person from a bucket and its older versions, and brings them back by nothing', async () => {
    const { s3, settings, cwd } = await besideAws({ rows: await plantedRows(20) });
    const command = async (...args: string[]) =>
      await callOnAws(args, { cwd, settings: { ...settings, LOOK_BACK: '1', CONTACTS: 'full' } });
    const objects = s3.buckets.get('lake');
    if (!(objects instanceof VersionedObjects)) expect.unreachable();
    const ask = await openDuck();
    const traces = async () =>
      await findTraces(
        [
          ...objects.versions.flatMap(({ key, object }) => (object ? [[key, object.body] as const] : [])),
          ...(await filesIn(openFolder(join(cwd, 'out/outbox')))),
        ],
        ask,
      );
    for (const day of DAYS) expect((await command('run', '--day', day)).code).toBe(0);
    expect(await traces()).not.toEqual([]);
    const { code, out } = await command('erase', '--phone', PERSON.phone);
    expect([code, out]).toEqual([0, expect.stringMatching(/bucket +[1-9]\d* older versions purged/)]);
    expect(await traces()).toEqual([]);
    for (const again of [
      ['rebuild', '--from', DAYS[0], '--to', DAYS[1]],
      ['run', '--day', DAYS[1], '--refresh'],
    ]) {
      expect((await command(...again)).code).toBe(0);
    }
    expect(await traces()).toEqual([]);
  });
});
