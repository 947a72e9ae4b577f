import { describe, expect, test } from 'vitest';
import { systemRandom } from '../../functions/calendar/clock.system.ts';
import { findCaptures, readAnswer, unpackPage } from '../../functions/capture/captures.ts';
import { CHANNELS } from '../../functions/chats/channel.ts';
import { erasePerson } from '../../functions/erasure/erase-person.ts';
import { captureDay } from '../../functions/pipeline/capture-day.ts';
import { rebuildDay } from '../../functions/pipeline/cascade.ts';
import { FORMATS } from '../../functions/report/formats.ts';
import { DIALECT } from '../../functions/sources/caresoft/dialect.ts';
import { reportKey } from '../../functions/storage/layout.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { oneMachine } from '../pipeline/one-machine.ts';
import { openDuck, openTables } from '../warehouse/duck.ts';
import { queryUnder } from '../warehouse/queries.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { type Files, filesIn, findTraces, lakeOf } from './everything.ts';
import {
  DAYS,
  NIGHT,
  NIGHT_ROWS,
  OTHERS_ROWS,
  PERSON,
  plantedRows,
  readAgain,
  THEIR_ROWS,
} from './planted.ts';
import { asked, BY, figuresOf, NOW, reported, standing, summaryOf } from './reported-days.ts';

/** The rows of raw, in their order, without those that the person is in. */
async function rowsOf(files: Files): Promise<Map<string, readonly unknown[]>> {
  const rows = new Map<string, readonly unknown[]>();
  for (const [key, packed] of files) {
    const place = /^raw\/chats\/(dt=.*?\/channel=.*?)\/capture=.*(page-\d+)/.exec(key);
    const body = place && unpackPage(packed);
    if (body) rows.set(`${place[1]} ${place[2]}`, readAnswer(body, undefined, DIALECT).rows);
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
        days: [...DAYS, NIGHT],
        mails: 2,
        unreadable: [],
        unsearched: [],
        raw: { captures: 7, rows: THEIR_ROWS + OTHERS_ROWS + NIGHT_ROWS.length },
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
    const { machine, ports } = await reported(20, null);
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

  test('takes them from what a later day tells of whom to call, whether or not raw is there still', async () => {
    const [rows, memory] = [await plantedRows(5), memoryLake()];
    const [FIRST] = DAYS;
    // Not the day after one of theirs, which follows their callbacks up.
    const LATER = '2026-11-22';
    let isAgain = false;
    const machine = await oneMachine(
      {
        rows(channel, day) {
          if (day === LATER) return [{ conversation_id: channel, start_time: `${LATER} 09:00:00` }];
          return isAgain && day === FIRST ? rows(channel, day).map(readAgain) : rows(channel, day);
        },
      },
      { CONTACTS: 'full', LOOK_BACK: '1' },
      undefined,
      memory,
    );
    for (const day of DAYS) await machine.report(day);
    isAgain = true;
    await machine.report(FIRST, { refresh: true });
    await machine.report(LATER);
    const [files, mails] = [await filesIn(memory), await filesIn(openFolder(machine.outbox))];
    const ask = await openDuck();
    const before = await summaryOf(memory, LATER);
    const toldOf = async (lake: Lake) => (await summaryOf(lake, FIRST)).callbackChanges ?? [];
    const others = (await toldOf(memory)).flatMap(({ added }) => added);
    expect((await toldOf(memory)).flatMap(({ gone }) => gone.map(({ name }) => name))).toEqual([PERSON.name]);

    for (const isGone of [false, true]) {
      const [lake, outbox] = [lakeOf(files), lakeOf(mails)];
      const traces = async () =>
        await findTraces([...(await filesIn(lake)), ...(await filesIn(outbox))], ask);
      expect(await traces()).toEqual(
        expect.arrayContaining([
          `name in reports/dt=${FIRST}/summary.json`,
          `name in reports/dt=${LATER}/report.html`,
          `name in reports/dt=${LATER}/report.xlsx`,
          `name in ${LATER}-report-manager@example.com.eml`,
        ]),
      );
      for (const key of isGone ? files.keys() : []) {
        if (key.startsWith(`raw/chats/dt=${FIRST}`)) await lake.delete(key);
      }
      const ports = { lake, outbox, objectVersions: null, random: systemRandom, locale: 'vi' } as const;
      const report = await erasePerson(asked(BY.phone), ports);
      expect(report.days).toEqual(expect.arrayContaining([...DAYS, LATER]));
      expect(await traces()).toEqual([]);
      const told = await toldOf(lake);
      expect(told.flatMap(({ added }) => added)).toHaveLength(others.length);
      expect(told.flatMap(({ gone }) => gone)).toEqual([]);
      expect(await summaryOf(lake, LATER)).toEqual(before);
    }
  });

  test.each([
    ['is there', false],
    ['is gone', true],
  ])('takes them from every form of a report where raw %s', async (_title, isGone) => {
    const { lake, ports, files } = await standing();
    const forms = DAYS.flatMap((day) => FORMATS.map(({ file }) => reportKey({ day }, file)));
    for (const key of isGone ? files.keys() : []) if (key.startsWith('raw/')) await lake.delete(key);
    for (const key of forms) {
      expect(files.has(key), key).toBe(true);
      await lake.put(key, Buffer.from(PERSON.name));
    }
    const { days } = await erasePerson(asked(BY.phone), ports);
    expect(days).toEqual(expect.arrayContaining([...DAYS]));
    const after = await filesIn(lake);
    const left = forms.map((key): [string, Uint8Array] => [key, after.get(key) ?? expect.unreachable(key)]);
    // Who else was them cannot be told without raw.
    const traces = await findTraces(left, () => expect.unreachable());
    expect(traces.filter((trace) => !trace.startsWith('email '))).toEqual([]);
  });

  test('of whom nothing is found keeps them out all the same', async () => {
    const rows = await plantedRows(20);
    const lake = memoryLake();
    const machine = await oneMachine({ rows }, { CONTACTS: 'full' }, undefined, lake);
    const ports = {
      lake,
      outbox: openFolder(machine.outbox),
      objectVersions: null,
      random: systemRandom,
      locale: 'vi',
    } as const;
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
    const lake = memoryLake();
    const machine = await oneMachine({ rows }, {}, undefined, lake);
    await machine.report(DAYS[0]);
    expect(await machine.filesOf('lake')).not.toContainEqual(expect.stringMatching(/^erased/));
    const manifests = await Array.fromAsync(findCaptures(lake, DAYS[0], 'zalo'));
    expect(manifests[0]?.pages.map((page) => Object.keys(page))).not.toContainEqual(
      expect.arrayContaining(['erased']),
    );
  });

  test('refuses to capture where the list cannot be read', async () => {
    const rows = await plantedRows(20);
    const lake = memoryLake();
    const machine = await oneMachine({ rows }, { CHANNELS: 'zalo' }, undefined, lake);
    await erasePerson(asked(), {
      lake,
      outbox: openFolder(machine.outbox),
      objectVersions: null,
      random: systemRandom,
      locale: 'vi',
    });
    await lake.delete('erased/key.json');
    const { account, ports } = machine.compose();
    const context = {
      step: (_name: string, run: () => Promise<unknown>) => run(),
      wait: async () => {},
      yieldNow: async () => {},
    };
    const request = { day: DAYS[0], since: null };
    await expect(captureDay(request, context as never, account, ports)).rejects.toThrow(
      /who was erased, is missing/,
    );
    expect(machine.simulator.seen.requests).toBe(0);
  });
});
