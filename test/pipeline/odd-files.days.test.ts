import { expect, test } from 'vitest';
import { systemRandom } from '../../functions/calendar/clock.system.ts';
import { erasePerson } from '../../functions/erasure/erase-person.ts';
import { type LogEvent, openLog } from '../../functions/observability/log.ts';
import { dailyReport } from '../../functions/pipeline/daily-run.ts';
import { inProcessContext } from '../../functions/pipeline/durable.ts';
import type { Message } from '../../functions/report/mail-message.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { type Lake, readObject } from '../../functions/storage/object-store.ts';
import { fc } from '../property.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { openPages } from '../web/open-pages.ts';
import { oneMachine } from './one-machine.ts';

const DAYS = ['2026-11-18', '2026-11-19', '2026-11-20'];
const [, , LAST = ''] = DAYS;
const NEXT = '2026-11-21';
const GARBAGE = ['', 'null', '[]', '{}', '{"schema":"chat-report/1","definitions":99}', '{"a":', 'x', '7'];

/** What no one who reads a log or a report can do anything with. */
const UNREADABLE = /(Type|Syntax|Range|Zod)Error|\[object|undefined|\n\s+at /;

/** A finished lake in memory, and the program beside it, which mails as over SES. */
async function finished() {
  const machine = await oneMachine({ chats: 12 }, { LOOK_BACK: '1' });
  const report = async (lake: Lake, day: string) => {
    const logged: LogEvent[] = [];
    const mails: Message[] = [];
    const mailer = {
      name: 'ses',
      isRepeatable: false,
      async send(message: Message) {
        mails.push(message);
        return 'id';
      },
    };
    const { account, ports } = machine.compose();
    // What fails is tried again at once: how long that takes is told by other tests.
    const ground = inProcessContext({ now: () => Date.now(), sleep: async () => {} });
    const input = { run: `${day}-run`, day, since: null, resend: false, deliver: true };
    const log = openLog((_level, entry) => logged.push(entry));
    const ended = await dailyReport(input, ground, account, { ...ports, lake, mailer, log }).then(
      ({ state, completeness }) => ({
        state,
        says: state === 'reported' ? '' : JSON.stringify(completeness),
      }),
      (error: unknown) => ({ state: 'failed' as const, says: String(error) }),
    );
    return { ...ended, logged, mails };
  };
  const lake = memoryLake();
  const folder = openFolder(machine.lake);
  for (const day of DAYS.slice(0, 2)) await machine.report(day);
  for await (const key of folder.list(''))
    await lake.put(key, (await readObject(folder, key)) ?? Buffer.from(''));
  const request = { given: 'id:999999999', dryRun: false, now: Date.now() };
  await erasePerson(request, {
    lake,
    outbox: memoryLake(),
    objectVersions: null,
    random: systemRandom,
    locale: 'vi',
  });
  const last = await report(lake, LAST);
  expect([last.state, last.mails.length]).toEqual(['reported', 1]);
  const again = await report(lake, LAST);
  expect([again.state, again.mails.length]).toEqual(['reported', 0]);
  return { lake, report };
}

/** What is damaged with a file: a summary is read again only where its digest does not tell of it. */
function damagedWith(key: string): string[] {
  return key.endsWith('/summary.json') ? [key, key.replace('summary', 'digest')] : [key];
}

test('whichever file of a lake is damaged, a day is reported, again or for the first time, or the file is named', async () => {
  const { lake, report } = await finished();
  const keys = await Array.fromAsync(lake.list(''));
  expect(new Set(keys.map((key) => key.split('/')[0]))).toEqual(
    new Set([
      'changes',
      'curated',
      'days',
      'erased',
      'lake.json',
      'lease',
      'looks',
      'raw',
      'reports',
      'runs',
    ]),
  );
  const newestLease = keys.findLast((key) => key.startsWith('lease/')) ?? '';
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...keys),
      fc.constantFrom(...GARBAGE),
      fc.constantFrom(LAST, NEXT),
      async (key, garbage, day) => {
        // What may be the record of a newer program is watched for a minute; the lease's own tests do that by a clock.
        fc.pre(key !== newestLease || !garbage.startsWith('{"schema"'));
        const odd = lake.copy();
        for (const one of damagedWith(key)) odd.write(one, garbage);
        const { state, says, logged, mails } = await report(odd, day);
        const problems = logged.map((entry) => ('problem' in entry ? entry.problem : ''));
        expect([says, ...problems].join('\n')).not.toMatch(UNREADABLE);
        if (state !== 'reported') expect(says).toContain(key);
        else if (day === NEXT) expect(mails.map(({ kind }) => kind)).toEqual(['report']);
        else expect(mails.length).toBe(Number(key.includes('/sent/')));
        const isOtherDay = key.endsWith('/summary.json') && !key.includes(day);
        if (!isOtherDay || state !== 'reported') return;
        expect(String(await readObject(odd, key))).toBe(garbage);
        expect(logged.filter((entry) => entry.event === 'file-unreadable' && entry.key === key)).toHaveLength(
          1,
        );
      },
    ),
    { numRuns: 16 },
  );
});

test('and the pages and lists of the others are there', async () => {
  const { lake } = await finished();
  const keys = await Array.fromAsync(lake.list(''));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...keys), fc.constantFrom(...GARBAGE), async (key, garbage) => {
      const odd = lake.copy();
      for (const one of damagedWith(key)) odd.write(one, garbage);
      const { page, app, logged } = openPages(odd, { now: Date.parse('2026-11-21T05:00:00Z') });
      const paths = [
        '/',
        '/trends',
        '/reports',
        ...DAYS.flatMap((day) => [`/days/${day}`, `/reports/${day}`]),
      ];
      for (const path of paths) {
        const { status } = path.startsWith('/reports') ? await app.request(path) : await page(path);
        expect([200, 404], `${path} beside ${key}`).toContain(status);
      }
      expect(logged).toEqual([]);
      const listed = (await (await app.request('/reports')).json()) as { days: { day: string }[] };
      const left = DAYS.filter((day) => key !== `reports/dt=${day}/summary.json`);
      expect(listed.days.map(({ day }) => day)).toEqual(left);
    }),
    { numRuns: 6 },
  );
});
