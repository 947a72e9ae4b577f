import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { erase } from '../../bin/erase.ts';
import { EXIT } from '../../bin/exit-code.ts';
import type { Terminal } from '../../bin/terminal.ts';
import { CHANNELS, type Channel } from '../../functions/chat/channel.ts';
import { type EraseRequest, erasePerson } from '../../functions/erase/erase-person.ts';
import { newS3Client, openBucket } from '../../functions/lake/bucket.s3.ts';
import { openBucketVersions } from '../../functions/lake/bucket-versions.s3.ts';
import { findCaptures, readPages, readRows, unpackPage } from '../../functions/lake/captures.ts';
import { openFolder } from '../../functions/lake/folder.fs.ts';
import { curatedMetricsKey, reportKey } from '../../functions/lake/keys.ts';
import { type Lake, readObject } from '../../functions/lake/lake.ts';
import { writeRecord } from '../../functions/lake/manifest.ts';
import type { Callback, Summary } from '../../functions/measure/summary.ts';
import { mayListChats } from '../../functions/report/workbook/fingerprint.ts';
import { captureDay } from '../../functions/workflow/capture-day.ts';
import { readSummary } from '../../functions/workflow/measure-captures.ts';
import { rebuildDay } from '../../functions/workflow/rebuild-day.ts';
import type { StoredObject } from '../aws/s3/objects.ts';
import { VersionedObjects } from '../aws/s3/versions.ts';
import { startS3 } from '../aws/s3-endpoint.ts';
import { openDuck, openTables } from '../curate/duck.ts';
import { queryUnder } from '../curate/queries.ts';
import { oneMachine } from '../workflow/one-machine.ts';
import { type Files, filesIn, findTraces, lakeOf } from './everything.ts';
import { DAYS, OTHERS_ROWS, PERSON, plantedRows, THEIR_ROWS } from './planted.ts';

// Some report several days, and one kills an erasure at every one of its writes.
vi.setConfig({ testTimeout: 120_000 });

const BY = {
  customer: `id:${PERSON.id}`,
  phone: `phone:${PERSON.phone}`,
  email: `email:${PERSON.email}`,
};
const NOW = Date.parse('2026-12-01T08:00:00Z');
const asked = (given = BY.customer, dryRun = false): EraseRequest => ({ given, dryRun, now: NOW });

/** Two reported days in a folder, and all that is in it. */
async function reported(settings: Record<string, string> = {}, chats = 30) {
  const rows = await plantedRows(chats);
  const machine = await oneMachine({ rows }, { CONTACTS: 'full', ...settings });
  const summaries = new Map<string, Summary>();
  for (const day of DAYS) {
    const { summary } = await machine.report(day);
    if (summary === null) expect.unreachable();
    summaries.set(day, summary);
  }
  const lake = openFolder(machine.lake);
  const outbox = openFolder(machine.outbox);
  const ports = { lake, outbox, pastVersions: null, locale: 'vi' } as const;
  const everything = async () => [...(await filesIn(lake)), ...(await filesIn(outbox))];
  return { machine, lake, outbox, ports, summaries, everything };
}

let made: Promise<{ files: Files; mails: Files; summaries: ReadonlyMap<string, Summary> }> | null = null;

/** The same in memory, to be changed at will. */
async function standing() {
  made ??= (async () => {
    const { lake, outbox, summaries } = await reported();
    return { files: await filesIn(lake), mails: await filesIn(outbox), summaries };
  })();
  const { files, mails, summaries } = await made;
  const [lake, outbox] = [lakeOf(files), lakeOf(mails)];
  const ports = { lake, outbox, pastVersions: null, locale: 'vi' } as const;
  const everything = async () => [...(await filesIn(lake)), ...(await filesIn(outbox))];
  return { lake, ports, files, mails, summaries, everything };
}

async function summaryOf(lake: Lake, day: string): Promise<Summary> {
  const summary = await readSummary(lake, day);
  if (summary === null) expect.unreachable();
  return summary;
}

/** Of a summary, what must not change. */
function figuresOf({
  completeness,
  callbacks,
  // Of the callbacks of the day before.
  followUp,
  generatedAt,
  firstGeneratedAt,
  directoryId,
  ...rest
}: Summary) {
  // The one page whose path was their telephone number.
  const pages = rest.byLandingPage.map((page) =>
    /^x\.example\//.test(page.key ?? '') ? { ...page, key: 'x.example' } : page,
  );
  const figures = {
    ...rest,
    byLandingPage: pages.toSorted((left, right) => (`${left.key}` < `${right.key}` ? -1 : 1)),
  };
  const counts = Object.values(completeness.channels).map(({ captureId: _, ...found }) => found);
  return { figures, counts };
}

/** The rows of raw, in their order, without those that the person is in. */
async function rowsOf(files: Files): Promise<Map<string, unknown[]>> {
  const rows = new Map<string, unknown[]>();
  for (const [key, packed] of files) {
    const place = /^raw\/chats\/(dt=.*?\/channel=.*?)\/capture=.*(page-\d+)/.exec(key);
    const body = place && (await unpackPage(packed));
    if (body) rows.set(`${place[1]} ${place[2]}`, readRows(body));
  }
  return rows;
}

/** Planted, and not only alike. */
function isNaming(row: unknown): boolean {
  const {
    conversation_id: id,
    customer_id: customer,
    start_time: start = '',
  } = row === null ? {} : (row as Row);
  const isPlanted = String(id).includes('PLANTED') || customer === PERSON.id;
  return isPlanted && !start.includes(' 11:');
}

interface Row {
  conversation_id?: unknown;
  customer_id?: unknown;
  start_time?: string;
}

describe('erasing a person', () => {
  test.each(Object.entries(BY))(
    'by their %s leaves nothing of them, and all else as it was',
    async (by, given) => {
      const { lake, ports, summaries, everything } = await standing();
      const ask = await openDuck();
      const before = await filesIn(lake);
      const kinds = new Set((await findTraces(await everything(), ask)).map((trace) => trace.split(' ')[0]));
      expect([...kinds].sort()).toEqual(['email', 'id', 'name', 'phone']);
      const named = (await findTraces(await filesIn(ports.outbox), ask)).length;
      expect(named).toBeGreaterThan(0);

      const report = await erasePerson(asked(given), ports);
      expect(await findTraces(await everything(), ask)).toEqual([]);
      expect(report).toMatchObject({
        days: DAYS,
        mails: 2,
        unreadable: [],
        unsearched: [],
        raw: { captures: 6, rows: THEIR_ROWS + OTHERS_ROWS },
        // By an e-mail that was given, whoever has it is meant.
        sharing: by === 'email' ? 0 : 1,
      });

      const [rows, after] = [await rowsOf(before), await rowsOf(await filesIn(lake))];
      expect([...after.keys()]).toEqual([...rows.keys()]);
      const isTheirs = (key: string, index: number) => isNaming(rows.get(key)?.[index]);
      for (const [key, there] of rows) {
        const now = after.get(key) ?? [];
        expect(now).toHaveLength(there.length);
        expect(now.filter((_row, index) => !isTheirs(key, index))).toEqual(
          there.filter((_row, index) => !isTheirs(key, index)),
        );
      }
      for (const day of DAYS) {
        const was = summaries.get(day);
        const is = await summaryOf(lake, day);
        if (!was) expect.unreachable();
        expect(figuresOf(is)).toEqual(figuresOf(was));
        const keys = was.callbacks.map(({ customer }) => customer.key);
        const left = is.callbacks.map(({ customer }) => customer.key);
        expect(left.length).toBeLessThan(keys.length);
        expect(keys).toEqual(expect.arrayContaining(left));
        expect(left.filter((key) => key.includes('erased'))).toEqual([]);
      }
    },
  );

  test('keeps them out of what is rebuilt, and of what is captured anew', async () => {
    const { machine, lake, ports, summaries, everything } = await reported();
    const ask = await openDuck();
    await erasePerson(asked(), ports);
    const requests = machine.simulator.seen.requests;
    for (const day of DAYS) {
      const derived = (await machine.filesOf('lake')).filter(
        (key) => /^(reports|curated)\//.test(key) && key.includes(day),
      );
      for (const key of derived) await lake.delete(key);
      const { account } = machine.compose();
      expect(await rebuildDay(day, account, lake)).toMatchObject({ state: 'rebuilt' });
    }
    expect(machine.simulator.seen.requests).toBe(requests);
    expect(await findTraces(await everything(), ask)).toEqual([]);

    for (const day of DAYS) {
      const { summary, state } = await machine.report(day, { refresh: true });
      if (summary === null) expect.unreachable(state);
      const was = summaries.get(day);
      expect(was && figuresOf(summary).figures).toEqual(was && figuresOf(was).figures);
      for (const channel of CHANNELS) {
        const [old, fresh] = await Array.fromAsync(findCaptures(lake, day, channel));
        // The rows are found the same, so that a later look sees nothing new.
        expect(fresh?.fingerprint).toBe(old?.fingerprint);
        expect(old?.erasures).toEqual([{ at: new Date(NOW).toISOString(), rows: expect.any(Number) }]);
        expect(fresh?.erasures).toBeUndefined();
        const erased = fresh?.pages.reduce((sum, page) => sum + (page.erased ?? 0), 0);
        expect(erased).toBe(old?.erasures?.[0]?.rows);
        expect([fresh?.rows, fresh?.unique, fresh?.numFoundAfter]).toEqual([
          old?.rows,
          old?.unique,
          old?.numFoundAfter,
        ]);
      }
    }
    expect(machine.simulator.seen.requests).toBeGreaterThan(requests);
    expect(await findTraces(await everything(), ask)).toEqual([]);
  });

  test('keeps them as one customer on all days, whose chats can be counted', async () => {
    const { machine, ports } = await reported({}, 20);
    await erasePerson(asked(), ports);
    const ask = await openTables(machine.lake);
    const rows = await ask(
      "SELECT customer_id, customer, count(*)::INT AS chats, count(DISTINCT dt)::INT AS days FROM chats WHERE customer_id LIKE 'erased-%' GROUP BY ALL ORDER BY chats DESC",
    );
    expect(rows[0]).toMatchObject({ days: 2, customer: `id:${rows[0]?.customer_id}` });
    const [{ others } = {}] = await ask(
      "SELECT count(*)::INT AS others FROM chats WHERE customer_id LIKE 'erased-%' AND (customer_name IS NOT NULL OR customer_phone IS NOT NULL OR customer_email IS NOT NULL OR ticket_no IS NOT NULL OR referrer IS NOT NULL)",
    );
    expect(others).toBe(0);
    const query = queryUnder('Callbacks still to be made');
    for (const day of DAYS) {
      const callbacks = await ask(query.replaceAll('2026-11-20', day));
      const summary = await summaryOf(openFolder(machine.lake), day);
      expect(callbacks.map((row) => row.customer_key)).toEqual(
        summary.callbacks.map(({ customer }) => customer.key),
      );
    }
  });

  test('says beforehand what it would remove, and changes no byte', async () => {
    const { ports, everything } = await standing();
    const before = new Map(await everything());
    const planned = await erasePerson(asked(BY.customer, true), ports);
    expect(new Map(await everything())).toEqual(before);
    const done = await erasePerson(asked(), ports);
    expect(planned).toEqual({ ...done, dryRun: true });
    expect(JSON.stringify([planned, done])).not.toMatch(/987650123|904715338|diem|Diễm/i);
  });

  test('done twice changes nothing more', async () => {
    const { lake, ports } = await standing();
    await erasePerson(asked(), ports);
    const once = await filesIn(lake);
    expect(await erasePerson(asked(), ports)).toMatchObject({ customers: 0, days: [], raw: { rows: 0 } });
    expect(await filesIn(lake)).toEqual(once);
  });

  test('of whom nothing is found keeps them out all the same', async () => {
    const rows = await plantedRows(20);
    const machine = await oneMachine({ rows }, { CONTACTS: 'full' });
    const lake = openFolder(machine.lake);
    const ports = { lake, outbox: openFolder(machine.outbox), pastVersions: null, locale: 'vi' } as const;
    const ask = await openDuck();
    for (const given of Object.values(BY)) {
      expect(await erasePerson(asked(given), ports)).toMatchObject({ customers: 0, days: [] });
    }
    for (const day of DAYS) expect(await machine.report(day)).toMatchObject({ state: 'reported' });
    const traces = await findTraces([...(await filesIn(lake)), ...(await filesIn(ports.outbox))], ask);
    expect(traces).toEqual([]);
    // Who else is in the list cannot be read off it.
    expect(await machine.filesOf('lake')).toContainEqual('erased/key.json');
  });

  test('leaves the bytes of a lake alone in which nobody was erased', async () => {
    const rows = await plantedRows(20);
    const machine = await oneMachine({ rows });
    await machine.report(DAYS[0]);
    expect(await machine.filesOf('lake')).not.toContainEqual(expect.stringMatching(/^erased/));
    const manifests = await Array.fromAsync(findCaptures(openFolder(machine.lake), DAYS[0], 'zalo'));
    expect(manifests[0]?.pages.map((page) => Object.keys(page))).not.toContainEqual(
      expect.arrayContaining(['erased']),
    );
  });

  test('refuses to capture where the list cannot be read', async () => {
    const rows = await plantedRows(20);
    const machine = await oneMachine({ rows }, { CHANNELS: 'zalo' });
    const lake = openFolder(machine.lake);
    await erasePerson(asked(), {
      lake,
      outbox: openFolder(machine.outbox),
      pastVersions: null,
      locale: 'vi',
    });
    await lake.delete('erased/key.json');
    const { account, ports } = machine.compose();
    const context = {
      step: (_name: string, run: () => Promise<unknown>) => run(),
      wait: async () => {},
      breathe: async () => {},
    };
    const request = { day: DAYS[0], since: null };
    await expect(captureDay(request, context as never, account, ports)).rejects.toThrow(
      /who was erased, is missing/,
    );
    expect(machine.simulator.seen.requests).toBe(0);
  });
});

describe('erasing, where something is not as it should be', () => {
  test('goes on where it was killed, at whatever write', async () => {
    const { files: all, mails: allMails, ports } = await standing();
    const ask = await openDuck();
    const ofOneDay = (files: Files) => new Map([...files].filter(([key]) => key.includes(DAYS[1])));
    const [files, mails] = [ofOneDay(all), ofOneDay(allMails)];
    const figures = async (erased: Lake) => {
      const summary = await summaryOf(erased, DAYS[1]);
      return [figuresOf(summary), summary.callbacks];
    };
    const whole = lakeOf(files);
    await erasePerson(asked(), { ...ports, lake: whole, outbox: lakeOf(mails) });
    const expected = await figures(whole);
    const names = (there: Files) =>
      [...there.keys()].map((key) => key.replace(/^erased\/.*/, 'erased')).sort();
    const wholeNames = [...new Set(names(await filesIn(whole)))];
    let kills = 0;
    for (let isOver = false; !isOver; kills += 1) {
      const [struck, box] = [lakeOf(files), lakeOf(mails)];
      const dying = { writes: kills };
      try {
        await erasePerson(asked(), { ...ports, lake: mortal(struck, dying), outbox: mortal(box, dying) });
        isOver = true;
      } catch (error) {
        expect(String(error)).toContain('killed');
      }
      // Whoever reads meanwhile finds each capture whole.
      for (const channel of CHANNELS) {
        const captures = await Array.fromAsync(findCaptures(struck, DAYS[1], channel));
        expect(captures.length).toBeGreaterThan(0);
        for (const capture of captures) await Array.fromAsync(readPages(struck, capture));
      }
      await erasePerson(asked(), { ...ports, lake: struck, outbox: box });
      const left = [...(await filesIn(struck)), ...(await filesIn(box))];
      const cheap = left.filter(([key]) => !key.endsWith('.parquet'));
      expect(await findTraces(kills % 8 === 0 ? left : cheap, ask)).toEqual([]);
      expect(await figures(struck)).toEqual(expected);
      expect([...new Set(names(await filesIn(struck)))]).toEqual(wholeNames);
    }
    expect(kills).toBeGreaterThan(25);
  });

  test('says which pages it could not read, and removes what it can', async () => {
    const { lake, files, ports, everything } = await standing();
    const key = [...files.keys()].find((one) => /zalo.*page-0001/.test(one)) ?? '';
    await lake.put(key, Buffer.from('not packed'));
    const report = await erasePerson(asked(), ports);
    expect(report.unreadable).toEqual([key]);
    expect(await findTraces(await everything().then(withoutRaw(key)), await openDuck())).toEqual([]);
  });

  test('leaves a page that was altered what it was, damaged, and takes them out of it', async () => {
    const { lake, files, ports, everything } = await standing();
    const key = [...files.keys()].find((one) => /livechat.*page-0001/.test(one)) ?? '';
    const body = (await unpackPage(files.get(key) ?? Buffer.alloc(0)))?.toString() ?? '';
    await lake.put(key, gzipSync(body.replace('LBL_CHAT_STATUS_MEET', 'LBL_CHAT_STATUS_MISS')));
    await erasePerson(asked(), ports);
    expect(await findTraces(await everything(), await openDuck())).toEqual([]);
    const [capture] = await Array.fromAsync(findCaptures(lake, DAYS[0], 'livechat'));
    if (!capture) expect.unreachable();
    await expect(Array.fromAsync(readPages(lake, capture))).rejects.toThrow('is not what was received');
  });

  test('takes them out of a walk that has not come to its end', async () => {
    const { lake, files, ports, everything } = await standing();
    for (const key of files.keys()) if (/^raw\/chats.*manifest/.test(key)) await lake.delete(key);
    await erasePerson(asked(), ports);
    const raw = (await everything()).filter(([key]) => key.startsWith('raw/'));
    expect(await findTraces(raw, await openDuck())).toEqual([]);
  });

  test('takes them off a report whose raw pages are gone, with the tables that cannot be made anew', async () => {
    const { lake, files, ports, summaries, everything } = await standing();
    for (const key of files.keys()) if (key.startsWith(`raw/chats/dt=${DAYS[0]}`)) await lake.delete(key);
    const nobody = await erasePerson(asked('id:1', true), ports);
    expect(nobody).toMatchObject({ days: [], unsearched: [DAYS[0]] });
    const report = await erasePerson(asked(), ports);
    expect(report).toMatchObject({ days: DAYS, unsearched: [] });
    const all = (await everything()).filter(([key]) => key.includes(DAYS[0]));
    expect(await findTraces(all, await openDuck())).toEqual([]);
    const was = summaries.get(DAYS[0]);
    expect(figuresOf(await summaryOf(lake, DAYS[0]))).toEqual(was && figuresOf(was));
  });

  test('names the day whose raw pages are gone and whose workbook lists chats, until it does not', async () => {
    const { lake, files, ports } = await standing();
    for (const key of files.keys()) {
      if (key.startsWith(`raw/chats/dt=${DAYS[0]}`) || key.startsWith('curated/')) await lake.delete(key);
    }
    const nobody = asked('id:1', true);
    expect(await erasePerson(nobody, ports)).toMatchObject({ days: [], unsearched: [DAYS[0]] });
    await erasePerson(asked(), ports);
    expect(await erasePerson(nobody, ports)).toMatchObject({ days: [], unsearched: [] });
    const workbook = await readObject(lake, reportKey(DAYS[0], 'report.xlsx'));
    expect(workbook && mayListChats(workbook)).toBe(false);
  });

  test('makes tables anew that were never finished', async () => {
    const { lake, ports, everything } = await standing();
    await lake.delete(curatedMetricsKey(DAYS[0]));
    await erasePerson(asked(), ports);
    expect(await findTraces(await everything(), await openDuck())).toEqual([]);
    expect(await readObject(lake, curatedMetricsKey(DAYS[0]))).not.toBeNull();
  });

  test('leaves no figures of a page that names them, where the report that they are of is gone', async () => {
    const { lake, ports, everything } = await reported({}, 20);
    for (const form of ['summary.json', 'report.html', 'report.txt', 'report.xlsx'] as const) {
      await lake.delete(reportKey(DAYS[0], form));
    }
    await erasePerson(asked(), ports);
    expect(await readObject(lake, curatedMetricsKey(DAYS[0]))).toBeNull();
    expect(await readObject(lake, curatedMetricsKey(DAYS[1]))).not.toBeNull();
    expect(await findTraces(await everything(), await openDuck())).toEqual([]);
  });

  test('renews the day after, which tells what became of those who were to be called back', async () => {
    const chat = (day: string, customer: number, status: string) => ({
      ...{ conversation_id: `${day}-${customer}`, customer_id: customer, waitTime: '00:00:20' },
      ...{ start_time: `${day} 09:00:00`, end_time: `${day} 09:05:00` },
      chat_status: `LBL_CHAT_STATUS_${status}`,
    });
    const rows = (_channel: Channel, day: string) =>
      day === DAYS[0] ? [chat(day, PERSON.id, 'MISS'), chat(day, 2, 'MISS')] : [chat(day, 3, 'MEET')];
    const machine = await oneMachine({ rows }, { CHANNELS: 'zalo' });
    for (const day of DAYS) await machine.report(day);
    const lake = openFolder(machine.lake);
    const followUp = async () => (await readSummary(lake, DAYS[1]))?.followUp;
    expect(await followUp()).toMatchObject({ customers: 2, silent: 2 });

    const ports = { lake, outbox: openFolder(machine.outbox), pastVersions: null, locale: 'vi' } as const;
    expect(await erasePerson(asked(), ports)).toMatchObject({ days: DAYS, renewed: [DAYS[1]] });
    expect(await followUp()).toMatchObject({ customers: 1, silent: 1 });
    const derived = async () =>
      [...(await filesIn(lake))].filter(([key]) => /^(curated|reports)\//.test(key));
    const standing = await derived();
    for (const day of DAYS) await rebuildDay(day, machine.compose().account, lake);
    expect(await derived()).toEqual(standing);
  });

  test('finds them in a report by what it tells of them, where all raw is gone', async () => {
    const { lake, files, ports, everything } = await standing();
    for (const key of files.keys()) if (key.startsWith('raw/')) await lake.delete(key);
    const [first, second] = [await summaryOf(lake, DAYS[0]), await summaryOf(lake, DAYS[1])];
    const [callback] = first.callbacks;
    const [page] = first.byLandingPage;
    if (!(callback && page)) expect.unreachable();
    const nobody = { name: null, phone: null, email: null };
    const says = (customer: Partial<Callback['customer']> & { key: string }): Callback => ({
      ...callback,
      customer: { ...nobody, ...customer },
    });
    const { name, email } = PERSON;
    const others = says({ key: 'id:5', name: 'Chị Lan', phone: '0911222333', email: 'lan@example.org' });
    const callbacks = [
      // By a notation of the phone that was given, whoever has it; by their e-mail, which is learned from it.
      says({ key: 'id:7001', name, phone: '(+84) 987.650.123', email }),
      says({ key: 'chat:1', name, phone: '0084 987-650-123 / 0912 345 678' }),
      says({ key: 'chat:2', name: `${name} ${PERSON.phone}` }),
      says({ key: 'id:6', name, phone: '0911222333', email: email.toUpperCase() }),
      others,
    ];
    const paths = [`x.example/${PERSON.phone}/a`, 'x.example/%2B84987650123/b', `${PERSON.phone}.example/c`];
    const byLandingPage = [...paths, 'x.example/c'].map((key) => ({ ...page, key }));
    await lake.put(reportKey(DAYS[0], 'summary.json'), writeRecord({ ...first, callbacks, byLandingPage }));
    // Only the other day tells whose id it is.
    const late = { ...second, callbacks: [says({ key: 'id:7001', name }), others], byLandingPage: [] };
    await lake.put(reportKey(DAYS[1], 'summary.json'), writeRecord(late));

    const report = await erasePerson(asked(BY.phone), ports);
    expect(report).toMatchObject({ days: DAYS, renewed: [], customers: 1, sharing: 1, unreadable: [] });
    expect(await findTraces(await everything(), await openDuck())).toEqual([]);
    const is = await summaryOf(lake, DAYS[0]);
    expect(is.callbacks).toEqual([says({ key: 'id:6', phone: '0911222333' }), others]);
    expect(is.byLandingPage).toEqual(
      ['x.example/erased', 'x.example/erased-2', 'erased', 'x.example/c'].map((key) => ({ ...page, key })),
    );
    expect((await summaryOf(lake, DAYS[1])).callbacks).toEqual([others]);
    expect(await erasePerson(asked(BY.phone), ports)).toMatchObject({ days: [], customers: 0, sharing: 0 });
  });

  test('says which report it could not read, and what was renewed though nobody was found', async () => {
    const { machine, lake, ports, everything } = await reported({}, 20);
    await erasePerson(asked(), ports);
    const said: string[] = [];
    const terminal: Terminal = {
      environment: {},
      now: NOW,
      isWatched: true,
      out: (text) => said.push(text),
      err: () => {},
    };
    const flags = { customer: '1', lake: machine.lake, outbox: machine.outbox };
    const key = reportKey(DAYS[0], 'summary.json');
    const summary = (await readObject(lake, key))?.toString() ?? '';
    // A run that was at work all the while leaves it so.
    await lake.put(key, Buffer.from(summary.replaceAll(/-e1"/g, '"')));
    expect(await erase({ ...flags, dryRun: true }, terminal, [])).toBe(EXIT.done);
    expect(await erase(flags, terminal, [])).toBe(EXIT.done);
    expect(said[0]).toMatch(/^No row of this person was found\.\nWould be renewed, .*: 2026-11-19\n/);
    expect(said[1]).toMatch(/^No row of this person was found\.\nRenewed, .*: 2026-11-19\n/);
    expect(said.join('')).not.toContain('rased:');

    const html = reportKey(DAYS[0], 'report.html');
    await lake.put(html, Buffer.from(PERSON.name));
    await lake.put(key, Buffer.from(summary.slice(0, 99)));
    expect(await erase({ ...flags, dryRun: true }, terminal, [])).toBe(EXIT.unproven);
    const forms = (['report.html', 'report.txt', 'report.xlsx', 'summary.json'] as const).map((form) =>
      reportKey(DAYS[0], form),
    );
    expect(said[2]?.match(/(?<=NOT searched, because it cannot be read: ).*/g)?.sort()).toEqual(forms);
    expect(await rebuildDay(DAYS[0], machine.compose().account, lake)).toMatchObject({ state: 'rebuilt' });
    expect(await erase({ ...flags, dryRun: true }, terminal, [])).toBe(EXIT.done);
    expect(await findTraces(await everything(), await openDuck())).toEqual([]);
  });
});

const withoutRaw = (page: string) => (files: [string, Uint8Array][]) =>
  files.filter(([key]) => !(key.startsWith('raw/') && key.slice(0, 45) === page.slice(0, 45)));

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
    const pastVersions = openBucketVersions(place);
    const report = await erasePerson(asked(), { ...ports, lake: bucket, pastVersions });
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

/** Dies over a write, before or after it is done, in turns. */
function mortal(lake: Lake, dying: { writes: number }): Lake {
  const live = async <Result>(write: () => Promise<Result>): Promise<Result> => {
    if (dying.writes === 0) throw new Error('killed');
    dying.writes -= 1;
    return await write();
  };
  return {
    get: (key) => lake.get(key),
    list: (prefix) => lake.list(prefix),
    put: (key, body) => live(() => lake.put(key, body)),
    putIfAbsent: (key, body) => live(() => lake.putIfAbsent(key, body)),
    delete: (key) => live(() => lake.delete(key)),
  };
}
