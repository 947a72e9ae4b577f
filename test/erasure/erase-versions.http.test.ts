import { describe, expect, onTestFinished, test } from 'vitest';
import { erasePerson } from '../../functions/erasure/erase-person.ts';
import { newS3Client, openBucket, openBucketVersions } from '../../functions/storage/object-store.s3.ts';
import type { StoredObject } from '../aws/s3/objects.ts';
import { VersionedObjects } from '../aws/s3/versions.ts';
import { startS3 } from '../aws/s3-endpoint.ts';
import { held } from '../held.ts';
import { openDuck } from '../warehouse/duck.ts';
import { filesIn, findTraces } from './everything.ts';
import { DAYS } from './planted.ts';
import { asked, figuresOf, standing } from './reported-days.ts';

describe('erasing in a bucket', () => {
  test('that keeps versions leaves none in which they are', async () => {
    const { lake, ports, summaries } = await standing();
    const s3 = await startS3({ buckets: ['lake'], versioned: true, pageSize: 7 });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = newS3Client({ endpoint: s3.url, region: 'us-east-1', credentials });
    onTestFinished(async () => {
      client.destroy();
      await s3.close();
    });
    const place = { bucket: 'lake', prefix: 'one', client };
    const bucket = openBucket(place);
    const other = openBucket({ ...place, prefix: 'two' });
    for (const [key, bytes] of await filesIn(lake)) {
      await bucket.put(key, bytes);
      // Written over once, and of another account.
      if (key.startsWith('reports/')) for (const again of [bucket, other, other]) await again.put(key, bytes);
    }
    const objects = s3.buckets.get('lake');
    if (!(objects instanceof VersionedObjects)) expect.unreachable();
    const versionsOf = (prefix: string) =>
      objects.versions.filter(
        (version): version is typeof version & { object: StoredObject } =>
          version.key.startsWith(prefix) && version.object !== null,
      );
    const versionsOfOther = versionsOf('two/').length;
    const objectVersions = openBucketVersions(place);
    const report = await erasePerson(asked(), { ...ports, lake: await held(bucket), objectVersions });
    expect(report.versions).toBeGreaterThan(20);
    const files = versionsOf('one/').map(({ key, object }) => [key, object.body] as const);
    expect(await findTraces(files, await openDuck())).toEqual([]);
    // Nothing is left of a deleted key, not even that it was.
    const keys = new Set(await Array.fromAsync(bucket.list('')));
    const known = objects.versions.filter(({ key }) => /^one\/(raw|curated|reports)/.test(key));
    expect(known.every(({ key }) => keys.has(key.slice('one/'.length)))).toBe(true);
    expect(versionsOf('two/')).toHaveLength(versionsOfOther);
    const summary = JSON.parse(String(objects.get(`one/reports/dt=${DAYS[0]}/summary.json`)?.body));
    const was = summaries.get(DAYS[0]);
    expect(was && figuresOf(summary)).toEqual(was && figuresOf(was));
  });
});
