import { describe, expect, test } from 'vitest';
import { openApp } from '../../functions/api/app.ts';
import { composeLocalApi } from '../../functions/app/compose.local.ts';
import { systemRandom } from '../../functions/calendar/clock.system.ts';
import { withChannels } from '../../functions/config/account.ts';
import { makeShareToken } from '../../functions/delivery/share-link.ts';
import { erasePerson } from '../../functions/erasure/erase-person.ts';
import { dailyReport } from '../../functions/pipeline/daily-run.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import type { Message } from '../../functions/report/mail-message.ts';
import type { SimulatorOptions } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { type Lake, readObject } from '../../functions/storage/object-store.ts';
import { addPages } from '../../functions/web/app.ts';
import { call } from '../command-line/call.ts';
import { DAYS, PERSON, plantedRows } from '../erasure/planted.ts';
import { asked } from '../erasure/reported-days.ts';
import { held } from '../held.ts';
import { openWorkbook } from '../report/open-workbook.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { changingDays, FEW, inputFor, LOOKER, REVISED } from './changing-days.ts';
import { DAY, type OneMachine, oneMachine } from './one-machine.ts';

/** Mails carry links. */
const VIEWED = { VIEW_URL: 'https://reports.example.com', VIEW_KEY: Buffer.alloc(32, 7).toString('base64') };

/** Where no file is looked at. */
const inMemory = (simulated: SimulatorOptions, settings: Readonly<Record<string, string>> = {}) =>
  oneMachine(simulated, settings, undefined, memoryLake());

/** A run of some channels, as the command line and the API make it. */
async function reportSome(
  machine: OneMachine,
  channels: Parameters<typeof withChannels>[1],
  more: Partial<ReturnType<OneMachine['compose']>['ports']> = {},
) {
  const { account, context, ports } = machine.compose();
  const run = `run-${channels?.join('-') ?? 'all'}`;
  return await dailyReport(inputFor(DAY, run), context, withChannels(account, channels), {
    ...ports,
    ...more,
  });
}

/** The API with the pages, on the same machine. */
function served(machine: OneMachine, settings: Readonly<Record<string, string>> = {}) {
  const { ports, launcher } = composeLocalApi(machine.compose(settings));
  const app = openApp(ports);
  addPages(app, ports);
  const get = async (path: string, accept = 'application/json'): Promise<string> =>
    await (await app.request(path, { headers: { accept } })).text();
  return { app, launcher, get };
}

describe('a report of some channels', () => {
  test('is claimed and sent apart from the day’s own, each once', async () => {
    const machine = await inMemory({ chats: 30 });
    const sent: string[] = [];
    const send = async ({ only }: Message) => {
      sent.push(only?.join() ?? 'all');
      return 'sent';
    };
    const mailer = { name: 'ses', isRepeatable: false, send };
    for (const channels of [['zalo'], null, ['zalo'], ['zalo', 'livechat'], null] as const) {
      await reportSome(machine, channels, { mailer });
    }
    expect(sent).toEqual(['zalo', 'all', 'livechat,zalo']);
  });

  test('is told to nothing that waits for the day’s report, and asks for no day before it', async () => {
    const { machine, ...days } = await changingDays({}, FEW, memoryLake());
    await machine.report(REVISED);
    await machine.report(LOOKER);
    const told: string[] = [];
    const notify = async ({ day }: { readonly day: string }) => {
      told.push(day);
    };
    const notifiers = [{ name: 'bus', notify }];
    // The day, the counts in the end, whether another channel has other rows, and the two lists of names.
    expect(await days.asked(() => reportSome(machine, ['zalo'], { notifiers }))).toBe(5 + 1 + 2);
    expect(told).toEqual([]);
    expect((await machine.filesOf('lake')).filter((key) => key.startsWith(`looks/dt=${REVISED}/`))).toEqual([
      `looks/dt=${REVISED}/1.json`,
    ]);
  });

  test('is read by the API and as a page, beside the day’s own', async () => {
    const machine = await inMemory({ chats: 30 });
    const { app, launcher, get } = served(machine);
    const body = JSON.stringify({ day: DAY, channels: ['zalo'], deliver: true });
    const headers = { 'content-type': 'application/json' };
    const asked = await app.request('/reports', { method: 'POST', headers, body });
    const status = asked.headers.get('location') ?? '';
    await launcher.idle();
    const path = `/reports/${DAY}?channels=zalo`;
    expect(JSON.parse(await get(status))).toMatchObject({ days: [{ state: 'reported', report: path }] });
    expect(JSON.parse(await get(path))).toMatchObject({ only: ['zalo'] });
    expect(await get(`/reports/${DAY}`)).toContain('There is no report of 2026-11-20 yet');
    expect(JSON.parse(await get(`/reports?from=${DAY}&to=${DAY}`))).toMatchObject({ days: [] });
    expect(await machine.filesOf('outbox')).toEqual([`${DAY}-report-zalo-manager@example.com.eml`]);

    const alone = await get(`/days/${DAY}?lang=en`, 'text/html');
    expect(alone).toContain(`<a href="/days/${DAY}?channels=zalo&amp;lang=en">Zalo only</a>`);
    await reportSome(machine, null);
    expect(JSON.parse(await get(`/reports/${DAY}?channels=zalo,messenger,livechat`))).not.toHaveProperty(
      'only',
    );
    const page = await get(`/days/${DAY}?channels=zalo&lang=en`, 'text/html');
    expect(page).toMatch(/<h1>Zalo only: /);
    expect(page).toMatch(/<title>Chat report 20 Nov 2026 · Zalo only/);
    expect(page).toContain(`<a href="/days/${DAY}?lang=en">All channels</a>`);
    expect(page).toContain(`href="/days/${DAY}/text?channels=zalo"`);
    expect(await get(`/days/${DAY}/text?channels=zalo`)).toContain('Chỉ Zalo: ');
    expect(await get(`/days/${DAY}?lang=en`, 'text/html')).not.toMatch(/<h1>Zalo only/);
    expect(await get(`/reports/${DAY}?channels=viber`)).toContain('can hold livechat, messenger, zalo');
  });

  test.each([
    ['the day’s own where the account has no other', ['zalo'], ['zalo'], 'summary.json'],
    ['of those alone where the account has others', ['messenger'], ['zalo'], 'channels=zalo/summary.json'],
  ] as const)('is %s', async (_, all, some, file) => {
    const machine = await inMemory({ chats: 9 }, { CHANNELS: all.join() });
    await reportSome(machine, some);
    expect(await machine.filesOf('lake')).toContain(`reports/dt=${DAY}/${file}`);
  });

  test.each([
    ['channels', { CHANNELS: 'zalo' }],
    ['filters', { CHAT_TYPE: 'inbound' }],
  ])('is not followed up where the %s were others by the settings of the day before', async (_, settings) => {
    const machine = await inMemory({ chats: 60 });
    await machine.report('2026-11-19', { settings });
    expect((await machine.report(DAY)).summary).toMatchObject({ followUp: null });
    await machine.report('2026-11-19');
    expect((await machine.report(DAY)).summary).toMatchObject({ followUp: { day: '2026-11-19' } });
  });

  test('is made again by a rebuild, also where the day’s own is not', async () => {
    const machine = await oneMachine({ chats: 30 });
    await reportSome(machine, ['zalo']);
    const lake = openFolder(machine.lake);
    const beside = async () => {
      const keys = await Array.fromAsync(lake.list(`reports/dt=${DAY}/channels=zalo/`));
      const files = keys.map(async (key) => [key, String(await readObject(lake, key))] as const);
      return Object.fromEntries(await Promise.all(files));
    };
    const before = await beside();
    for (const key of Object.keys(before))
      if (!key.endsWith('summary.json')) await lake.put(key, Buffer.of());
    const { baseUrl: CARESOFT_BASE_URL, token: CARESOFT_TOKEN } = machine.simulator;
    const settings = { CARESOFT_BASE_URL, CARESOFT_TOKEN, LAKE_URI: machine.lake };
    const { code, out } = await call(['rebuild', '--day', DAY], settings);
    expect(code).toBe(3);
    expect(out).toMatch(
      /^2026-11-20 {2}NOT rebuilt: no proven capture of livechat, messenger .*\n2026-11-20 {2}zalo only {2}rebuilt: \d+ chats/,
    );
    expect(await beside()).toEqual(before);
  });

  test('is gone through when a person is erased', async () => {
    const rows = await plantedRows(30);
    const machine = await inMemory({ rows }, { CONTACTS: 'full' });
    const lake = machine.compose().ports.lake;
    const { account, context, ports } = machine.compose();
    for (const channels of [['livechat'], ['messenger'], ['zalo']] as const) {
      const input = inputFor(DAYS[0], `run-${channels}`);
      await dailyReport(input, context, withChannels(account, channels), ports);
    }
    const naming = await keysNaming(lake, PERSON.name);
    expect(naming.some((key) => key.startsWith(`reports/dt=${DAYS[0]}/channels=`))).toBe(true);
    const outbox = openFolder(machine.outbox);
    await erasePerson(asked(), {
      ...{ lake: await held(lake), outbox, objectVersions: null, random: systemRandom },
      locale: 'vi',
    });
    expect(await keysNaming(lake, PERSON.name)).toEqual([]);
    expect(await machine.filesOf('outbox')).toEqual([]);
    expect(await new ReportReader(lake).read({ day: DAYS[0], only: ['zalo'] })).toMatchObject({
      only: ['zalo'],
    });
  });
});

describe('earlier days that changed', () => {
  test('stand in every form and page that shows the report', async () => {
    const { machine, ...days } = await changingDays(VIEWED, FEW, memoryLake());
    await machine.report(REVISED);
    days.reviseOvernight();
    await machine.report(LOOKER);
    const lake = machine.compose().ports.lake;
    const workbook = async () => {
      const file = await readObject(lake, `reports/dt=${LOOKER}/report.xlsx`);
      return JSON.stringify(openWorkbook(file ?? Buffer.of()).sheets[0]?.rows);
    };
    const { get } = served(machine, VIEWED);
    const token = makeShareToken(
      { account: 'demo', day: LOOKER, to: 'manager@example.com' },
      Date.now() + 60_000,
      VIEWED.VIEW_KEY,
    );
    const readAll = async () => ({
      page: await get(`/days/${LOOKER}`, 'text/html'),
      link: await get(`/view/${token}`, 'text/html'),
      html: String(await readObject(lake, `reports/dt=${LOOKER}/report.html`)),
      text: await days.textOf(LOOKER),
      workbook: await workbook(),
    });
    const without = async () =>
      Object.entries(await readAll()).filter(([, text]) => !/18\/11\/2026: giảm 3 chat nhỡ/.test(text));
    expect(await without()).toEqual([]);
    // An erasure makes the report again, by a way of its own.
    const outbox = openFolder(machine.outbox);
    const erased = await erasePerson(asked('id:1003'), {
      ...{ lake: await held(lake), outbox, objectVersions: null, random: systemRandom },
      locale: 'vi',
    });
    expect(erased.days).toContain(LOOKER);
    expect(await without()).toEqual([]);
  });
});

/** The reports and tables in which a text stands, as it is written there. */
async function keysNaming(lake: Lake, text: string): Promise<string[]> {
  const naming: string[] = [];
  for await (const key of lake.list('reports/')) {
    if ((await readObject(lake, key))?.includes(text)) naming.push(key);
  }
  return naming;
}
