import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { erase } from '../../bin/commands/erase.ts';
import { EXIT, type Terminal } from '../../bin/terminal.ts';
import { systemRandom } from '../../functions/calendar/clock.system.ts';
import { findCaptures, type Manifest, unpackPage } from '../../functions/capture/captures.ts';
import { openCapture, readChatsOf } from '../../functions/capture/read-chats.ts';
import { CHANNELS, type Channel } from '../../functions/chats/channel.ts';
import { erasePerson } from '../../functions/erasure/erase-person.ts';
import type { Callback } from '../../functions/metrics/summary.ts';
import { rebuildDay } from '../../functions/pipeline/cascade.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { ReportStore } from '../../functions/pipeline/report-store.ts';
import { OFFERS } from '../../functions/report/formats.ts';
import type { HeldLake } from '../../functions/storage/changes.ts';
import { writeRecord } from '../../functions/storage/json-record.ts';
import { curatedMetricsKey, reportKey } from '../../functions/storage/layout.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { type Lake, readObject } from '../../functions/storage/object-store.ts';
import { oneMachine } from '../pipeline/one-machine.ts';
import { SEED } from '../property.ts';
import { openDuck } from '../warehouse/duck.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { type Files, filesIn, findTraces, lakeOf } from './everything.ts';
import { DAYS, NIGHT, PERSON } from './planted.ts';
import { asked, BY, figuresOf, NOW, reported, standing, summaryOf } from './reported-days.ts';

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
    // A change that was written down before the kill is written down again.
    const names = (there: Files) =>
      [...there.keys()].map((key) => key.replace(/^(erased\/|changes\/\d).*/, '$1')).sort();
    const wholeNames = [...new Set(names(await filesIn(whole)))];
    // Every other write: the rest with the next seed.
    let kills = SEED % 2;
    for (let isOver = false; !isOver; kills += 2) {
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
        for (const capture of captures) await readAll(struck, capture);
      }
      await erasePerson(asked(), { ...ports, lake: struck, outbox: box });
      const left = [...(await filesIn(struck)), ...(await filesIn(box))];
      const cheap = left.filter(([key]) => !key.endsWith('.parquet'));
      expect(await findTraces(kills % 8 < 2 ? left : cheap, ask)).toEqual([]);
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
    const body = unpackPage(files.get(key) ?? Buffer.alloc(0))?.toString() ?? '';
    await lake.put(key, gzipSync(body.replace('LBL_CHAT_STATUS_MEET', 'LBL_CHAT_STATUS_MISS')));
    await erasePerson(asked(), ports);
    expect(await findTraces(await everything(), await openDuck())).toEqual([]);
    const [capture] = await Array.fromAsync(findCaptures(lake, DAYS[0], 'livechat'));
    if (!capture) expect.unreachable();
    await expect(readAll(lake, capture)).rejects.toThrow('is not what was received');
  });

  test('takes them out of a capture that has not come to its end', async () => {
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
    expect(report).toMatchObject({ days: [...DAYS, NIGHT], unsearched: [] });
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
    // Nor when it is derived again because another day has changed.
    await new ReportStore(lake).deriveWithoutRaw(await summaryOf(lake, DAYS[0]), 'en');
    expect(await erasePerson(nobody, ports)).toMatchObject({ days: [], unsearched: [] });
    const digest = await new ReportReader(lake).storedDigest({ day: DAYS[0] });
    expect(digest?.workbook).toMatchObject({ listsChats: false });
  });

  test('makes tables anew that were never finished', async () => {
    const { lake, ports, everything } = await standing();
    await lake.delete(curatedMetricsKey(DAYS[0]));
    await erasePerson(asked(), ports);
    expect(await findTraces(await everything(), await openDuck())).toEqual([]);
    expect(await readObject(lake, curatedMetricsKey(DAYS[0]))).not.toBeNull();
  });

  test('leaves no figures of a page that names them, where the report that they are of is gone', async () => {
    const { lake, ports, everything } = await reported(20);
    for (const { file } of OFFERS) await lake.delete(reportKey({ day: DAYS[0] }, file));
    expect(await erasePerson(asked(), ports)).toMatchObject({ unreadable: [] });
    expect(await readObject(lake, curatedMetricsKey(DAYS[0]))).toBeNull();
    expect(await readObject(lake, curatedMetricsKey(DAYS[1]))).not.toBeNull();
    // The figures that its digest has are those of tables that are gone.
    expect((await new ReportReader(lake).storedDigest({ day: DAYS[0] }))?.state).toBe('begun');
    expect(await findTraces(await everything(), await openDuck())).toEqual([]);
  });

  test('renews the day after, which tells what became of those who were to be called back', async () => {
    const chat = (day: string, customer: number, status: string) => ({
      ...{ conversation_id: `${day}-${customer}`, customer_id: customer, waitTime: '00:00:20' },
      ...{ start_time: `${day} 09:00:00`, end_time: `${day} 09:05:00` },
      chat_status: `LBL_CHAT_STATUS_${status}`,
    });
    const rows = (channel: Channel, day: string) => (channel === 'zalo' ? rowsOf(day) : []);
    const rowsOf = (day: string) =>
      day === DAYS[0] ? [chat(day, PERSON.id, 'MISS'), chat(day, 2, 'MISS')] : [chat(day, 3, 'MEET')];
    const lake = memoryLake();
    const machine = await oneMachine({ rows }, { CHANNELS: 'zalo' }, undefined, lake);
    for (const day of DAYS) await machine.report(day);
    const followUp = async () => (await new ReportReader(lake).read({ day: DAYS[1] }))?.followUp;
    expect(await followUp()).toMatchObject({ customers: 2, silent: 2 });

    const ports = {
      lake,
      outbox: openFolder(machine.outbox),
      objectVersions: null,
      random: systemRandom,
      locale: 'vi',
    } as const;
    // The list of who still waits on the second day named them too.
    expect(await erasePerson(asked(), ports)).toMatchObject({ days: DAYS, renewed: [] });
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
    await lake.put(
      reportKey({ day: DAYS[0] }, 'summary.json'),
      writeRecord({ ...first, callbacks, byLandingPage }),
    );
    // Only the other day tells whose id it is.
    const late = { ...second, callbacks: [says({ key: 'id:7001', name }), others], byLandingPage: [] };
    await lake.put(reportKey({ day: DAYS[1] }, 'summary.json'), writeRecord(late));

    const report = await erasePerson(asked(BY.phone), ports);
    // By their own id, and with one more who shares, the lists of who waits tell them still.
    expect(report).toMatchObject({ days: DAYS, renewed: [], customers: 2, sharing: 2, unreadable: [] });
    expect(await findTraces(await everything(), await openDuck())).toEqual([]);
    const is = await summaryOf(lake, DAYS[0]);
    expect(is.callbacks).toEqual([says({ key: 'id:6', phone: '0911222333' }), others]);
    expect(is.byLandingPage).toEqual(
      ['x.example/erased', 'x.example/erased-2', 'erased', 'x.example/c'].map((key) => ({ ...page, key })),
    );
    expect((await summaryOf(lake, DAYS[1])).callbacks).toEqual([others]);
    expect(await erasePerson(asked(BY.phone), ports)).toMatchObject({ days: [], customers: 0, sharing: 0 });
  });

  test('says which form of a report it does not know, as another version may have left it', async () => {
    const { lake, ports } = await standing();
    const key = reportKey({ day: DAYS[0] }, 'report.odd');
    await lake.put(key, Buffer.from(PERSON.name));
    expect(await erasePerson(asked(), ports)).toMatchObject({ unreadable: [key] });
  });

  test('says which report it could not read, and what was renewed though nobody was found', async () => {
    const { machine, lake, ports, everything } = await reported(20, null);
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
    const key = reportKey({ day: DAYS[0] }, 'summary.json');
    const summary = (await readObject(lake, key))?.toString() ?? '';
    // A run that was at work all the while leaves it so.
    await lake.put(key, Buffer.from(summary.replaceAll(/-e1"/g, '"')));
    expect(await erase({ ...flags, dryRun: true }, terminal, [])).toBe(EXIT.done);
    expect(await erase(flags, terminal, [])).toBe(EXIT.done);
    expect(said[0]).toMatch(/^No row of this person was found\.\nWould be renewed, .*: 2026-11-19\n/);
    expect(said[1]).toMatch(/^No row of this person was found\.\nRenewed, .*: 2026-11-19\n/);
    expect(said.join('')).not.toContain('rased:');

    const html = reportKey({ day: DAYS[0] }, 'report.html');
    await lake.put(html, Buffer.from(PERSON.name));
    await lake.put(key, Buffer.from(summary.slice(0, 99)));
    expect(await erase({ ...flags, dryRun: true }, terminal, [])).toBe(EXIT.unproven);
    const forms = OFFERS.map(({ file }) => reportKey({ day: DAYS[0] }, file));
    expect(said[2]?.match(/(?<=NOT searched, because it cannot be read: ).*/g)?.sort()).toEqual(forms.sort());
    expect(await rebuildDay(DAYS[0], machine.compose().account, lake)).toMatchObject({ state: 'rebuilt' });
    expect(await erase({ ...flags, dryRun: true }, terminal, [])).toBe(EXIT.done);
    expect(await findTraces(await everything(), await openDuck())).toEqual([]);
  });
});

/** Each page that counts, to the byte. */
async function readAll(lake: Lake, capture: Manifest): Promise<void> {
  await Array.fromAsync(readChatsOf(await openCapture(lake, capture)));
}

const withoutRaw = (page: string) => (files: [string, Uint8Array][]) =>
  files.filter(([key]) => !(key.startsWith('raw/') && key.slice(0, 45) === page.slice(0, 45)));

/** Dies over a write, before or after it is done, in turns. */
function mortal(lake: HeldLake, dying: { writes: number }): HeldLake {
  const live = async <Result>(write: () => Promise<Result>): Promise<Result> => {
    if (dying.writes === 0) throw new Error('killed');
    dying.writes -= 1;
    return await write();
  };
  return {
    ...lake,
    get: (key) => lake.get(key),
    list: (prefix) => lake.list(prefix),
    put: (key, body) => live(() => lake.put(key, body)),
    putIfAbsent: (key, body) => live(() => lake.putIfAbsent(key, body)),
    delete: (key) => live(() => lake.delete(key)),
  };
}
