import { join } from 'node:path';
import pLimit from 'p-limit';
import { onTestFinished } from 'vitest';
import { toJson } from '../../bin/commands/run-messages.ts';
import { openApp } from '../../functions/api/app.ts';
import { composeLocal, composeLocalApi } from '../../functions/app/compose.local.ts';
import { systemClock, systemRandom } from '../../functions/calendar/clock.system.ts';
import type { Channel } from '../../functions/chats/channel.ts';
import { withChannels } from '../../functions/config/account.ts';
import { readSettings } from '../../functions/config/settings.ts';
import { openOutbox } from '../../functions/delivery/outbox.fs.ts';
import { makeShareToken } from '../../functions/delivery/share-link.ts';
import { type ErasureReport, erasePerson } from '../../functions/erasure/erase-person.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { openLog } from '../../functions/observability/log.ts';
import { leaseOf } from '../../functions/pipeline/capture-piece.ts';
import { rebuildDay } from '../../functions/pipeline/cascade.ts';
import { type DayOutcome, dailyReport } from '../../functions/pipeline/daily-run.ts';
import { indexChanges } from '../../functions/pipeline/index-changes.ts';
import { openChatSource } from '../../functions/sources/caresoft/client.http.ts';
import { fixedToken } from '../../functions/sources/caresoft/credentials.ts';
import { RateLimiter } from '../../functions/sources/caresoft/rate-limiter.ts';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import { startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';
import type { ChatSource, Slice } from '../../functions/sources/source.ts';
import { type HeldLake, underLease } from '../../functions/storage/changes.ts';
import { withLease } from '../../functions/storage/lease.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { toJsonText } from '../../functions/text/write-json.ts';
import { addPages } from '../../functions/web/app.ts';
import { filesIn } from '../erasure/everything.ts';
import { DAYS, PERSON } from '../erasure/planted.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { dayOfSlice } from '../watched-source.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { type MoveTo, withoutChance } from './fixed-chance.ts';
import { storyRows } from './story-rows.ts';

/*
 * The story, of a company with three channels in November 2026. All times are of Vietnam.
 *
 * Tue 17, 06:00  Monday is reported: in Vietnamese, masked. Mails are claimed before they are sent, as SES wants it.
 * Wed 18, 06:00  Tuesday is reported, with what became of those whom Monday missed. Monday is looked at again.
 * Thu 19, 06:00  Wednesday: Zalo breaks off after its first answer, so a notice goes out in place of the report.
 * Fri 20, 06:00  Thursday is reported, a hostile day, without a day before it.
 *         06:20  Wednesday is asked again and proven: a day is put between reported ones, and Thursday is made again.
 *         06:40  Zalo alone is reported of Thursday.
 *        (later  of Tuesday's missed chats on Messenger three are answered after all, and one more is there)
 * Sat 21, 06:00  Friday is reported, hostile too. The look back finds Tuesday changed; each day after it is made again.
 *        (later  of Thursday's missed chats on Zalo one is answered after all)
 *         08:00  The settings are others: English, contacts in full, an answer within 20 s, hours of business, mails that are
 *                not claimed. Friday is asked and sent again, and finds Thursday changed.
 *         09:00  Over the API a report of Thursday's Messenger alone is asked for.
 * Sun 22, 06:00  Saturday: Messenger breaks off after its first answer; the notice is in English, and the answer stays.
 *         08:00  A person with rows on Thursday and Friday is erased. The mails of these days go, and the reports are made again.
 *         09:00  Friday is asked and sent again, without the person.
 *         10:00  Tuesday is rebuilt, in Vietnamese.
 *         12:00  Pages and API are read.
 */
const [MON, TUE, WED] = ['2026-11-16', '2026-11-17', '2026-11-18'] as const;
const [THU, FRI] = DAYS;
const SAT = '2026-11-21';

/** CareSoft has this address in all that is kept, whichever port the simulator listens on. */
const ADDRESS = 'https://api.caresoft.vn/golden';
const TOKEN = 'simulated';
const RECIPIENT = 'manager@example.com';

const SETTINGS = {
  CARESOFT_BASE_URL: ADDRESS,
  CARESOFT_TOKEN: TOKEN,
  // Where others are told that it is. It lies in a folder.
  LAKE_URI: 's3://golden-lake/golden',
  MAIL_FROM: 'report@example.com',
  MAIL_TO: `"Chị Lan" <${RECIPIENT}>, boss@example.org`,
  LOOK_BACK: '1,3',
  VIEW_URL: 'https://reports.example.com',
  VIEW_KEY: Buffer.alloc(32, 7).toString('base64'),
};
const OTHER_SETTINGS = {
  ...SETTINGS,
  LOCALE: 'en',
  CONTACTS: 'full',
  SERVICE_LEVEL_SECONDS: '20',
  BUSINESS_HOURS: 'Mon-Sat 08:00-18:00',
};
type Setting = Readonly<Record<string, string>>;

/** Nothing that is asked here fails, but what is meant to: that is given up at once. */
const RETRY_POLICY = {
  attemptMs: 60_000,
  giveUpAfterMs: 60_000,
  firstDelayMs: 5,
  pauseMs: 5,
  longestWaitMs: 5_000,
};
const NO_PATIENCE = { ...RETRY_POLICY, giveUpAfterMs: 10 };

/** What the story leaves behind. */
export interface Told {
  /** By where it is: `lake/…`, `outbox/…`, `json/…` what `run --json` prints, `told/…` what listeners are told, `api/…`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly erasure: ErasureReport;
}

interface RunOptions {
  readonly settings?: Setting;
  readonly channels?: readonly Channel[];
  readonly breaks?: Channel;
  /** Everything is asked and sent again. */
  readonly again?: boolean;
}

/** Plays the story in a folder that is gone when the test is. */
export function playStory(): Promise<Told> {
  return withoutChance(play);
}

async function play(moveTo: MoveTo): Promise<Told> {
  const at = (day: number, time: string): void => moveTo(`2026-11-${day}T${time}:00+07:00`);
  at(17, '06:00');
  const program = await openProgram();
  const { run, rows } = program;

  await run(MON);
  at(18, '06:00');
  await run(TUE);
  at(19, '06:00');
  await run(WED, { breaks: 'zalo' });
  at(20, '06:00');
  await run(THU);
  at(20, '06:20');
  await run(WED);
  at(20, '06:40');
  await run(THU, { channels: ['zalo'] });

  rows.restate('messenger', TUE, 3);
  at(21, '06:00');
  await run(FRI);
  rows.restate('zalo', THU, 1);
  at(21, '08:00');
  await run(FRI, { settings: OTHER_SETTINGS, again: true });
  at(21, '09:00');
  await program.askFor({ day: THU, channels: ['messenger'], deliver: true });

  at(22, '06:00');
  await run(SAT, { settings: OTHER_SETTINGS, breaks: 'messenger' });
  at(22, '08:00');
  const erasure = await program.erase(`id:${PERSON.id}`);
  at(22, '09:00');
  await run(FRI, { settings: OTHER_SETTINGS, again: true });
  at(22, '10:00');
  await program.rebuild(TUE);
  at(22, '12:00');
  await program.read();
  return { files: await program.files(), erasure };
}

/** The program on one machine, beside a simulated CareSoft: all that hangs on how it is put together. */
async function openProgram() {
  const rows = await storyRows();
  const simulated = { rows: rows.of, token: TOKEN, domain: 'golden', requestsPerSecond: 10_000 };
  const simulator = await startSimulator({ ...simulated, faults: [parseFault('cap:40')] });
  const broken = await startSimulator({ ...simulated, faults: [parseFault('error:forever')] });
  onTestFinished(async () => {
    await simulator.close();
    await broken.close();
  });
  const folder = await temporaryFolder();
  const lake = memoryLake();
  const outbox = openFolder(join(folder, 'outbox'));
  const files = new Map<string, Uint8Array>();
  const keep = (path: string, text: string): void => {
    files.set(path, Buffer.from(text));
  };
  let runs = 0;
  let announcements = 0;

  function compose(given: Setting, breaks: Channel | null = null) {
    const read = readSettings(given);
    if ('problems' in read) throw new Error(JSON.stringify(read.problems));
    const composed = composeLocal(read.settings, {
      lake,
      // As SES where it is told in Vietnamese, and as on a laptop where in English.
      mailer:
        'LOCALE' in given
          ? openOutbox(join(folder, 'outbox'))
          : { ...openOutbox(join(folder, 'outbox')), name: 'ses', isRepeatable: false },
      notifiers: [
        {
          name: 'listener',
          notify(notification) {
            announcements += 1;
            keep(`told/${announcements}-${notification.day}.json`, toJsonText(notification, 2));
            return Promise.resolve();
          },
        },
      ],
      views: { url: SETTINGS.VIEW_URL, key: () => Promise.resolve(SETTINGS.VIEW_KEY) },
      token: fixedToken(TOKEN),
      log: openLog(() => {}),
    });
    const whole = asked(simulator.baseUrl, RETRY_POLICY);
    return {
      ...composed,
      ports: {
        ...composed.ports,
        chatSource: breaks === null ? whole : breakingOff(whole, asked(broken.baseUrl, NO_PATIENCE), breaks),
        lease: { ...composed.ports.lease, owner: 'golden', settleMs: 0 },
        versions: { 'chat-report': '0.0.0', node: '24.0.0' },
      },
    };
  }

  /** Under the lease, as commands do what they do to a lake. */
  async function alone<Result>(given: Setting, work: (held: HeldLake) => Promise<Result>): Promise<Result> {
    const options = leaseOf(compose(given).ports);
    const result = await withLease(lake, options, async (signal, lockout, number) => ({
      result: { of: await work(underLease(lake, signal, number, options.clock)) },
      lockout,
    }));
    if (result === null) throw new Error('the lease was not to be had');
    return result.of;
  }

  return {
    rows,

    /** A day's run, as the command line makes it, and what `--json` prints. */
    async run(day: string, { settings = SETTINGS, channels, breaks, again = false }: RunOptions = {}) {
      const { account, context, ports } = compose(settings, breaks);
      const published = new Map<string, Summary>();
      runs += 1;
      const name = `${day}-run-${String(runs).padStart(2, '0')}`;
      const outcome: DayOutcome = await dailyReport(
        {
          ...{ run: name, day, deliver: true, resend: again },
          since: again ? new Date().toISOString() : null,
        },
        context,
        withChannels(account, channels ?? null),
        { ...ports, onPublished: (summary) => published.set(summary.day, summary) },
      );
      keep(`json/${name}.json`, toJsonText(toJson({ outcome, summary: published.get(day) ?? null }), 2));
    },

    /** Over the API, until what was asked for is there. */
    async askFor(body: object) {
      const { ports, launcher } = composeLocalApi(compose(OTHER_SETTINGS));
      const app = openApp(ports);
      const post = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      };
      const answer = await app.request('/reports', post);
      await launcher.idle();
      keep('api/asked', await toText(answer));
      const followed = await app.request(answer.headers.get('location') ?? '');
      keep('api/followed', await toText(followed));
    },

    erase: (given: string) =>
      alone(OTHER_SETTINGS, async (held) => {
        const ports = {
          lake: held,
          outbox,
          objectVersions: null,
          random: systemRandom,
          locale: 'en',
        } as const;
        const erased = await erasePerson({ given, dryRun: false, now: Date.now() }, ports);
        await indexChanges(held, null);
        return erased;
      }),

    async rebuild(day: string) {
      const { account } = compose(SETTINGS);
      const { state } = await alone(SETTINGS, async (held) => {
        const rebuilt = await rebuildDay(day, account, held);
        await indexChanges(held, { from: day, to: day });
        return rebuilt;
      });
      if (state !== 'rebuilt') throw new Error(`${day} is ${state}`);
    },

    /** Pages and API, as they answer now. */
    async read() {
      const { ports } = composeLocalApi(compose(OTHER_SETTINGS));
      const app = openApp(ports);
      addPages(app, ports);
      const endsAt = Date.now() + 60_000;
      const token = makeShareToken({ account: 'golden', day: FRI, to: RECIPIENT }, endsAt, SETTINGS.VIEW_KEY);
      for (const [name, path, accept] of asking(token)) {
        const answer = await app.request(path, { headers: { accept } });
        if (answer.status !== 200) throw new Error(`${path} is answered with ${answer.status}`);
        const isWorkbook = name.endsWith('.xlsx');
        files.set(`api/${name}`, isWorkbook ? await answer.bytes() : Buffer.from(await toText(answer)));
      }
    },

    async files(): Promise<ReadonlyMap<string, Uint8Array>> {
      for (const [place, where] of Object.entries({ lake, outbox })) {
        for (const [key, bytes] of await filesIn(where)) files.set(`${place}/${key}`, bytes);
      }
      return files;
    },
  };
}

const HTML = 'text/html';
const JSON_TYPE = 'application/json';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** A name, a path, and the form that it is wanted in. */
function asking(token: string): (readonly [name: string, path: string, accept: string])[] {
  const inBoth = (name: string, path: string) =>
    ['vi', 'en'].map((language) => {
      const asked = `${path}${path.includes('?') ? '&' : '?'}lang=${language}`;
      return [`${name}.${language}.html`, asked, HTML] as const;
    });
  const forms = [MON, TUE, WED, THU, FRI].flatMap((day) =>
    [
      ['json', JSON_TYPE],
      ['html', HTML],
      ['txt', 'text/plain'],
      ['xlsx', XLSX],
    ].map(([ending, type = '']) => [`report-${day}.${ending}`, `/reports/${day}`, type] as const),
  );
  return [
    ...inBoth('calendar', '/'),
    ...inBoth('trends', '/trends'),
    ...inBoth('day-reported', `/days/${FRI}`),
    ...inBoth('day-revised', `/days/${TUE}`),
    ...inBoth('day-of-zalo', `/days/${THU}?channels=zalo`),
    ...inBoth('day-unproven', `/days/${SAT}`),
    ...forms,
    ['report-of-zalo.json', `/reports/${THU}?channels=zalo`, JSON_TYPE],
    ['list.json', `/reports?from=${MON}&to=${SAT}`, JSON_TYPE],
    ['view.html', `/view/${token}`, HTML],
    ['openapi.json', '/openapi.json', JSON_TYPE],
  ];
}

/** Status, headers and body. */
async function toText(answer: Response): Promise<string> {
  const headers = [...answer.headers].sort().map(([name, value]) => `${name}: ${value}\n`);
  return `${answer.status}\n${headers.join('')}\n${await answer.text()}`;
}

/**
 * At no rate: the clock of the story stands, and by it the turn of a second request never comes. One after the other, since
 * answers are numbered as they come.
 */
function asked(baseUrl: string, retryPolicy: typeof RETRY_POLICY): ChatSource {
  const rateLimiter = new RateLimiter({
    requestsPerSecond: Number.POSITIVE_INFINITY,
    clock: systemClock,
    retryPolicy,
  });
  const source = openChatSource({ baseUrl, token: fixedToken(TOKEN), rateLimiter, retryPolicy });
  const inTurn = pLimit(1);
  return {
    ...source,
    count: (...question) => inTurn(() => source.count(...question)),
    answer: (...question) => inTurn(() => source.answer(...question)),
  };
}

/** One that gives nothing of that channel but the first answer to a day. */
function breakingOff(whole: ChatSource, broken: ChatSource, channel: Channel): ChatSource {
  const answered = new Set<string>();
  const sourceOf = (slice: Slice): ChatSource => {
    if (slice.channel !== channel) return whole;
    const isFirst = !answered.has(dayOfSlice(slice));
    answered.add(dayOfSlice(slice));
    return isFirst ? whole : broken;
  };
  return {
    ...whole,
    count: (slice, options) => sourceOf(slice).count(slice, options),
    answer: (slice, page, options) => sourceOf(slice).answer(slice, page, options),
  };
}
