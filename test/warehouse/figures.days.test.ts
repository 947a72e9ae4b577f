import { describe, expect, test } from 'vitest';
import { CHANNELS, type Channel } from '../../functions/chats/channel.ts';
import type { Figures } from '../../functions/metrics/measures.ts';
import type { KeyedFigures, Summary } from '../../functions/metrics/summary.ts';
import type { SimulatorOptions } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { cutText } from '../../functions/text/bounds.ts';
import { DAY, oneMachine } from '../pipeline/one-machine.ts';
import { DAY_AFTER, returningCustomers } from '../pipeline/returning-customers.ts';
import { sharedContacts } from '../pipeline/shared-contacts.ts';
import { type Ask, openTables, toPlain } from './duck.ts';
import { figuresBy, followUpIn, type Keyed, NO_FIGURES, recoveredIn, toCallback } from './figures-in-sql.ts';
import { peopleIn } from './people-in-sql.ts';
import { queryUnder } from './queries.ts';

/** UTF-8 cannot write half a character, so the table cannot hold it; it is the one thing that differs. */
const wellFormed = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value), (_key, part) => (typeof part === 'string' ? part.toWellFormed() : part));

const keyOf = (channel: Channel, hour: number) => `${channel} ${String(hour).padStart(2, '0')}`;

const unnamed = ({ name, ...figures }: Keyed | KeyedFigures) => figures;

async function expectFiguresInChats(ask: Ask, summary: Summary): Promise<void> {
  const { day } = summary;
  const seconds = summary.totals.serviceLevel.thresholdSeconds;
  const none = { ...NO_FIGURES, serviceLevel: { ...NO_FIGURES.serviceLevel, thresholdSeconds: seconds } };
  const by = async (expression: string) => (await figuresBy(ask, day, expression, seconds)).map(unnamed);
  const oneOf = (all: Awaited<ReturnType<typeof by>>, key: string | number) => {
    const { key: _, ...figures } = all.find((figures) => String(figures.key) === String(key)) ?? {
      key,
      ...none,
    };
    return figures;
  };

  const { customers } = summary.totals;
  expect(await peopleIn(ask, day)).toEqual({
    persons: customers,
    customers,
    pairs: customers,
    otherPhones: 0,
  });
  const [totals] = await figuresBy(ask, day, null, seconds);
  const { channels: named, ...ofAll } = summary.totals;
  expect(named).toEqual(CHANNELS.filter((channel) => summary.byChannel[channel]));
  expect(totals).toMatchObject(ofAll);
  const channels = await by('channel');
  for (const [channel, figures] of Object.entries(summary.byChannel)) {
    expect(oneOf(channels, channel)).toEqual(figures);
  }
  const hours = await by('hour');
  expect(Array.from({ length: 24 }, (_, hour) => ({ hour, ...oneOf(hours, hour) }))).toEqual(summary.byHour);
  for (const [column, list] of [
    ['agent_email', summary.byAgent],
    ['group_name', summary.byGroup],
    ['service_id', summary.byService],
    ['landing_page_key', summary.byLandingPage],
  ] as const) {
    expect(await by(column)).toEqual(wellFormed(list.map(unnamed)));
  }
  const channelHours = await by(`channel || ' ' || lpad(hour::VARCHAR, 2, '0')`);
  expect(channelHours.toSorted((one, other) => (String(one.key) < String(other.key) ? -1 : 1))).toEqual(
    summary.byChannelHour.map(({ channel, hour, ...figures }) => ({ ...figures, key: keyOf(channel, hour) })),
  );
  expect(await recoveredIn(ask, day)).toBe(summary.recovered);
  for (const { key, name } of await figuresBy(ask, day, 'agent_email', seconds)) {
    if (name === null || key === null) continue;
    expect(wellFormed(summary.byAgent.find((agent) => agent.key === key)?.name)).toBe(name);
  }
}

async function expectCallbacks(ask: Ask, { day, callbacks, timeZone }: Summary): Promise<void> {
  const rows = await ask(queryUnder('Callbacks still to be made').replaceAll('2026-11-20', day));
  const local = (iso: string) => `${iso.slice(0, 19)}.000Z`;
  const expected = callbacks.map(({ replyBy: _, cause: __, agent: ___, ticketId: ____, ...callback }) => ({
    ...callback,
    // The wall clock without its offset, which the table's other columns tell.
    firstMissedAt: new Date(local(callback.firstMissedAt)),
    lastMissedAt: new Date(local(callback.lastMissedAt)),
    customer: { ...callback.customer, name: callback.customer.name?.toWellFormed() ?? null },
  }));
  // The table holds names whole, the report as much as a line.
  const cut = (callback: ReturnType<typeof toCallback>) => ({
    ...callback,
    customer: { ...callback.customer, name: callback.customer.name && cutText(callback.customer.name, 200) },
  });
  expect(rows.map(toCallback).map(cut), timeZone).toEqual(expected);
}

/** The table of the figures holds what `summary.json` does, to the last bit. */
async function expectMetrics(ask: Ask, summary: Summary): Promise<void> {
  const rows = (await ask(`SELECT * FROM metrics WHERE dt = '${summary.day}'`)).map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toPlain(value)])),
  );
  const of = (dimension: string) => rows.filter((row) => row.dimension === dimension);
  const keyed = (list: readonly KeyedFigures[]) =>
    list.map((figures) => ({ ...flat(figures), key: figures.key, name: figures.name ?? null }));
  const { followUp } = summary;
  const ofWholeDay = {
    missed_out_of_hours: summary.missCauses.outOfHours,
    missed_agents_busy: summary.missCauses.agentsBusy,
    missed_left_early: summary.missCauses.leftEarly,
    missed_unknown: summary.missCauses.unknown,
    recovered_customers: summary.recovered,
    callback_customers: summary.callbacks.length,
    followed_up_customers: followUp?.customers ?? null,
    followed_up_answered: followUp?.answered ?? null,
    followed_up_missed_again: followUp?.missedAgain ?? null,
    followed_up_silent: followUp?.silent ?? null,
    followed_up_unrecognizable: followUp?.unrecognizable ?? null,
  };
  const ofNoDay = Object.fromEntries(Object.keys(ofWholeDay).map((name) => [name, null]));
  for (const row of rows) expect(row).toMatchObject(row.dimension === 'total' ? ofWholeDay : ofNoDay);
  expect(of('total')).toMatchObject([{ ...flat(summary.totals), key: null }]);
  expect(of('channel_hour')).toMatchObject(
    summary.byChannelHour.map((figures) => ({
      ...flat(figures),
      key: keyOf(figures.channel, figures.hour),
    })),
  );
  const { businessHours } = summary;
  expect(of('business_hours')).toMatchObject(
    businessHours
      ? [
          { ...flat(businessHours.inside), key: 'inside' },
          { ...flat(businessHours.outside), key: 'outside' },
        ]
      : [],
  );
  expect(of('hour')).toMatchObject(
    summary.byHour.map((figures) => ({
      ...flat(figures),
      key: String(figures.hour).padStart(2, '0'),
    })),
  );
  expect(of('agent')).toMatchObject(wellFormed(keyed(summary.byAgent)));
  expect(of('group')).toMatchObject(wellFormed(keyed(summary.byGroup)));
  expect(of('service')).toMatchObject(wellFormed(keyed(summary.byService)));
  expect(of('landing_page')).toMatchObject(wellFormed(keyed(summary.byLandingPage)));
  expect(of('channel')).toMatchObject(
    Object.entries(summary.byChannel).map(([channel, figures]) => {
      const found = summary.completeness.channels[channel as Channel];
      return {
        ...flat(figures),
        key: channel,
        verdict: 'proven',
        num_found_before: found?.numFoundBefore,
        num_found_after: found?.numFoundAfter,
        rows_read: found?.rows,
        unique_rows: found?.unique,
        duplicate_rows: found?.duplicates,
        conflicting_rows: found?.conflicts,
        rejected_rows: found?.rejected,
        outside_day_rows: found?.outsideDay,
        capture_id: found?.captureId,
      };
    }),
  );
  for (const row of rows) {
    expect(row).toMatchObject({
      time_zone: summary.timeZone,
      definitions: summary.definitions,
      generated_at: new Date(summary.generatedAt),
    });
  }
}

function flat(figures: Figures): Record<string, unknown> {
  const { chats, customers, answered, missed, other, missedRate, serviceLevel } = figures;
  const distributions = {
    wait: figures.waitSeconds,
    abandon_wait: figures.abandonWaitSeconds,
    handle: figures.handleSeconds,
    duration: figures.durationSeconds,
  };
  return {
    ...{ chats, customers, answered, missed, other, missed_rate: missedRate },
    service_level_threshold_seconds: serviceLevel.thresholdSeconds,
    service_level_within: serviceLevel.within,
    service_level_rate: serviceLevel.rate,
    ...Object.fromEntries(
      Object.entries(distributions).flatMap(([name, distribution]) =>
        Object.entries(distribution).map(([field, value]) => [`${name}_seconds_${field}`, value]),
      ),
    ),
  };
}

const sizes = (livechat: number, messenger: number, zalo: number): Record<Channel, number> => ({
  livechat,
  messenger,
  zalo,
});
const NEW_YORK = { simulated: { timeZone: 'America/New_York' }, settings: { TIME_ZONE: 'America/New_York' } };

describe('SQL over the tables says what the report says', () => {
  test.each<[string, SimulatorOptions, string, Record<string, string>]>([
    ['of an ordinary day', { seed: 7, chats: 200 }, DAY, {}],
    ['of a day without a chat', { chats: 0 }, DAY, {}],
    ['of one chat', { chats: 1 }, DAY, {}],
    [
      'of exactly a page, two pages, and one row more',
      { chatsByChannel: sizes(50, 100, 51), faults: [{ name: 'cap', rows: 50 }] },
      DAY,
      {},
    ],
    ['of a leap day', { seed: 3, chats: 150 }, '2024-02-29', {}],
    ['of rows with everything wrong', { seed: 5, chats: 400, faults: [{ name: 'hostile' }] }, DAY, {}],
    [
      'of ids that stand on several rows, among hostile ones, in small pages',
      {
        chats: 400,
        faults: [
          { name: 'repeat-ids' },
          { name: 'hostile' },
          { name: 'cap', rows: 70 },
          { name: 'oldest-first' },
        ],
      },
      DAY,
      {},
    ],
    ['when clocks go forward', { ...NEW_YORK.simulated, chats: 150 }, '2026-03-08', NEW_YORK.settings],
    ['when clocks go back', { ...NEW_YORK.simulated, chats: 150 }, '2026-11-01', NEW_YORK.settings],
    [
      'of a CareSoft that speaks UTC',
      { chats: 150, faults: [{ name: 'utc' }] },
      DAY,
      { CARESOFT_CLOCK: 'utc' },
    ],
    ['with another service level', { chats: 150 }, DAY, { SERVICE_LEVEL_SECONDS: '20' }],
    ['of one channel', { chats: 150 }, DAY, { CHANNELS: 'zalo' }],
    [
      'with hours of business',
      { chats: 150 },
      DAY,
      { BUSINESS_HOURS: 'Mon-Thu 08:00-21:00, Fri 08:30-12:00' },
    ],
  ])('%s', async (_title, simulated, day, settings) => {
    const machine = await oneMachine(simulated, { CONTACTS: 'full', ...settings });
    const { summary } = await machine.report(day);
    if (summary === null) expect.unreachable();
    const ask = await openTables(machine.lake);
    await expectFiguresInChats(ask, summary);
    await expectCallbacks(ask, summary);
    await expectMetrics(ask, summary);
  });

  test('of a day whose customers share what they are known by', async () => {
    const machine = await oneMachine(await sharedContacts({ chats: 300 }), { CONTACTS: 'full' });
    const { summary } = await machine.report();
    if (summary === null) expect.unreachable();
    const ask = await openTables(machine.lake);
    await expectFiguresInChats(ask, summary);
    await expectCallbacks(ask, summary);
    await expectMetrics(ask, summary);
    expect(summary.byGroup.length).toBeLessThan(4);
    const [ids] = await ask(
      `SELECT count(DISTINCT customer_id) AS ids, count(DISTINCT customer) AS persons FROM chats WHERE customer LIKE 'id:%'`,
    );
    expect(Number(ids?.ids)).toBeGreaterThan(Number(ids?.persons));
  });

  test('of the day after a day, and what became of those whom that one named', async () => {
    const settings = { CONTACTS: 'full', LOOK_BACK: 'none' };
    const machine = await oneMachine(await returningCustomers({ chats: 600 }), settings);
    const first = await machine.report();
    const { summary } = await machine.report(DAY_AFTER);
    if (first.summary === null || summary === null) expect.unreachable();
    const ask = await openTables(machine.lake);
    await expectFiguresInChats(ask, summary);
    await expectCallbacks(ask, summary);
    await expectMetrics(ask, summary);
    const keys = (await ask(queryUnder('Callbacks still to be made'))).map((row) => String(row.customer_key));
    const { day, generatedAt } = first.summary;
    expect(summary.followUp).toEqual({ day, generatedAt, ...(await followUpIn(ask, DAY_AFTER, keys)) });
    expect(summary.followUp?.answered).toBeGreaterThan(0);
  });
});
