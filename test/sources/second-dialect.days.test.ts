import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemRandom } from '../../functions/calendar/clock.system.ts';
import { addDialect, findCaptures } from '../../functions/capture/captures.ts';
import { CHANNELS, type Channel } from '../../functions/chats/channel.ts';
import { erasePerson } from '../../functions/erasure/erase-person.ts';
import { dailyReport } from '../../functions/pipeline/daily-run.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { filesIn, findTraces } from '../erasure/everything.ts';
import { PERSON } from '../erasure/planted.ts';
import { beMorningAfter } from '../pipeline/mornings.ts';
import { oneMachine } from '../pipeline/one-machine.ts';
import { recompute } from '../recompute.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openDuck } from '../warehouse/duck.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { SECOND_DIALECT } from './second-dialect/dialect.ts';
import { secondSource, type Talk } from './second-dialect/source.ts';

const DAY = '2026-11-20';
const ADDRESS = 'https://desk.example.org/shop';
const ZONE = 'Asia/Ho_Chi_Minh';
const SHOP = '601';
const LABELS = { 'lan@example.com': 'Lan', 'minh@example.com': 'Minh', [SHOP]: 'Cửa hàng Bắc' };

/** What happened, in no source's words. */
interface Fact {
  readonly channel: Channel;
  readonly number: number;
  /** Of the day, in seconds. */
  readonly at: number;
  readonly isMissed: boolean;
  readonly who: Readonly<{ id?: string; name?: string; phone?: string; email?: string }>;
  readonly page?: string;
}

const person = { id: String(PERSON.id), name: PERSON.name, phone: PERSON.phone, email: PERSON.email };

/** Every channel has chats through the day, some of them missed, and some of the person who is to be erased. */
const FACTS: readonly Fact[] = CHANNELS.flatMap((channel, place) => [
  ...Array.from({ length: 40 }, (_, at): Fact => {
    const number = place * 100 + at;
    const phone = `09${String(10_000_000 + number)}`;
    const who = { id: String(5_000 + (number % 131)), name: `Khách ${number % 131}`, phone };
    return { channel, number, at: 8 * 3_600 + at * 700, isMissed: at % 7 === 3, who };
  }),
  {
    ...{ channel, number: place * 100 + 90, at: 9 * 3_600 + place, isMissed: true, who: person },
    page: `https://shop.example.com/ao?tel=${PERSON.phone}`,
  },
  { channel, number: place * 100 + 91, at: 10 * 3_600 + place, isMissed: false, who: person },
  {
    ...{ channel, number: place * 100 + 92, at: 11 * 3_600 + place, isMissed: true },
    who: { name: PERSON.name, phone: `+84 ${PERSON.phone.slice(1)}` },
  },
  // Another customer, whose page names the person.
  {
    ...{ channel, number: place * 100 + 93, at: 12 * 3_600 + place, isMissed: false },
    who: { id: String(9_000 + place), name: 'Chị Lan' },
    page: `https://shop.example.com/ban-be/${PERSON.phone}`,
  },
]);

const START_MS = Date.parse(`${DAY}T00:00:00+07:00`);
const clerkOf = ({ number }: Fact) => (number % 2 === 0 ? 'lan@example.com' : 'minh@example.com');
const waitOf = ({ number, isMissed }: Fact) => (isMissed ? 30 : 5) + (number % 20);

/** A fact as the second source has it. */
function toTalk(fact: Fact): Talk {
  const { number, at, isMissed, who, page } = fact;
  const began = START_MS + at * 1_000;
  return {
    ...{ talk: `t-${number}`, began, closed: began + 600_000, queued: waitOf(fact) * 1_000, lasted: 600_000 },
    ...{
      outcome: isMissed ? 'lost' : 'served',
      case: String(70_000 + number),
      caseShown: String(number),
      shop: SHOP,
    },
    ...{ visitor: who.id, called: who.name, dial: who.phone, write: who.email, seenOn: page },
    ...(!isMissed && { clerk: clerkOf(fact), team: 'Bán hàng', joined: began + waitOf(fact) * 1_000 }),
    note: `gọi ${who.phone ?? ''}`,
  };
}

/** The same fact in the words that the recomputation reads. */
function toRecomputed(fact: Fact): Talk {
  const { number, at, isMissed, who, page } = fact;
  const clock = (seconds: number) => new Date(seconds * 1_000).toISOString().slice(11, 19);
  const wall = (seconds: number) => `${DAY} ${clock(seconds)}`;
  return {
    conversation_id: `t-${number}`,
    ticket_id: String(70_000 + number),
    ticket_no: String(number),
    ...{ customer_id: who.id, cus_name: who.name, cus_phone: who.phone, cus_email: who.email },
    chat_status: isMissed ? 'LBL_CHAT_STATUS_MISS' : 'LBL_CHAT_STATUS_MEET',
    ...{ start_time: wall(at), end_time: wall(at + 600), waitTime: clock(waitOf(fact)), chat_duration: 600 },
    ...(!isMissed && {
      ...{ meet_time: wall(at + waitOf(fact)), agent_email: clerkOf(fact), group_name: 'Bán hàng' },
    }),
    ...{ service_id: SHOP, landing_page: page },
  };
}

const ofChannels = <Row>(to: (fact: Fact) => Row) => {
  const of = (channel: Channel) => FACTS.filter((fact) => fact.channel === channel).map(to);
  return { livechat: of('livechat'), messenger: of('messenger'), zalo: of('zalo') };
};

/** The program, to which nothing but another source and its dialect is handed over. */
async function reported() {
  beMorningAfter(DAY);
  const lake = memoryLake();
  const settings = { CARESOFT_CLOCK: 'utc', CONTACTS: 'full', LOOK_BACK: 'none' };
  const machine = await oneMachine({}, settings, undefined, lake);
  const { account, context, ports } = machine.compose();
  const source = secondSource(ofChannels(toTalk), LABELS);
  const input = { run: 'run-1', day: DAY, since: null, resend: false, deliver: true };
  const outcome = await dailyReport(
    input,
    context,
    { ...account, source: ADDRESS, reading: { ...account.reading, dialect: SECOND_DIALECT } },
    { ...ports, chatSource: source },
  );
  const summary = await new ReportReader(lake).read({ day: DAY });
  if (summary === null) expect.unreachable();
  const outbox = openFolder(machine.outbox);
  const everything = async () => [...(await filesIn(lake)), ...(await filesIn(outbox))];
  return { lake, outbox, machine, source, outcome, summary, everything };
}

describe('a source with another dialect', () => {
  let removeDialect = (): void => {};
  beforeAll(() => {
    removeDialect = addDialect(SECOND_DIALECT);
  });
  afterAll(() => removeDialect());

  test('is captured, proven and reported as it is recomputed from its rows', async () => {
    const { lake, machine, source, outcome, summary } = await reported();
    expect(outcome).toMatchObject({ state: 'reported', completeness: { verdict: 'proven' } });
    expect(machine.simulator.seen.requests).toBe(0);
    expect(source.asked.length).toBeGreaterThan(0);
    for (const channel of CHANNELS) {
      const captures = await Array.fromAsync(findCaptures(lake, DAY, channel));
      expect(captures).toMatchObject([{ verdict: 'proven', rows: 44, source: ADDRESS, dialect: 'second' }]);
      expect(captures[0]?.drift).toEqual({
        unknownFields: { note: 44 },
        unknownStatuses: {},
        unreadable: {},
      });
    }
    const { counts: _, ...figures } = recompute({
      day: DAY,
      timeZone: ZONE,
      rowsByChannel: ofChannels(toRecomputed),
      agentNames: new Map(Object.entries(LABELS)),
      serviceNames: new Map(Object.entries(LABELS)),
    });
    expect(summary).toMatchObject(figures);
  });

  test('has a table of its chats, whose columns for what it has not are null', async () => {
    const { lake } = await reported();
    const folder = await temporaryFolder();
    for (const [key, bytes] of await filesIn(lake)) {
      if (key.startsWith('curated/chats/'))
        await writeFile(join(folder, `${key.replaceAll('/', '-')}`), bytes);
    }
    const ask = await openDuck();
    const columns = [
      ...[
        'conversation_id',
        'customer_name',
        'ticket_no',
        'status_text',
        'wait_text',
        'caresoft_wait_seconds',
      ],
      ...['landing_page', 'other_fields', 'rang_at', 'facebook_page_id', 'is_trigger', 'answer_text'],
    ];
    const rows = await ask(
      `SELECT ${columns.join()} FROM read_parquet('${folder}/*.parquet') WHERE conversation_id = 't-90'`,
    );
    expect(rows).toEqual([
      {
        ...{ conversation_id: 't-90', customer_name: PERSON.name, ticket_no: '90', status_text: 'lost' },
        ...{ wait_text: '40000', caresoft_wait_seconds: 40n },
        ...{ landing_page: `https://shop.example.com/ao?tel=${PERSON.phone}` },
        other_fields: `{"note":"gọi ${PERSON.phone}"}`,
        ...{ rang_at: null, facebook_page_id: null, is_trigger: null, answer_text: null },
      },
    ]);
  });

  test('lets a person be erased from all that is kept of it, and no figure changes', async () => {
    const { lake, outbox, summary, everything } = await reported();
    // A capture that was cut off: no manifest says in which dialect its page is.
    for (const [key, bytes] of await filesIn(lake)) {
      const cutOff = key.replace(/capture=[^/]+/, 'capture=20261120T170000000Z-c07c0f');
      if (/^raw\/chats\/.*channel=zalo\/.*page-/.test(key)) await lake.put(cutOff, bytes);
    }
    const ask = await openDuck();
    const kinds = new Set((await findTraces(await everything(), ask)).map((trace) => trace.split(' ')[0]));
    expect([...kinds].sort()).toEqual(['email', 'id', 'name', 'phone']);

    const request = { given: `id:${PERSON.id}`, dryRun: false, now: Date.now() };
    const report = await erasePerson(request, {
      lake,
      outbox,
      objectVersions: null,
      random: systemRandom,
      locale: 'vi',
    });
    expect(report).toMatchObject({
      ...{ days: [DAY], unreadable: [], unsearched: [] },
      raw: { captures: CHANNELS.length + 1, rows: 4 * (CHANNELS.length + 1) },
    });
    expect(await findTraces(await everything(), ask)).toEqual([]);
    const after = await new ReportReader(lake).read({ day: DAY });
    expect(after?.totals).toEqual(summary.totals);
    expect(after?.byAgent).toEqual(summary.byAgent);
    expect(after?.callbacks.length).toBeLessThan(summary.callbacks.length);
    for (const channel of CHANNELS) {
      const [capture] = await Array.fromAsync(findCaptures(lake, DAY, channel));
      expect(capture).toMatchObject({ verdict: 'proven', rows: 44, dialect: 'second' });
    }
  });
});
