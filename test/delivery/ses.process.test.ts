import { CreateConfigurationSetCommand, SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import PostalMime from 'postal-mime';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openSes } from '../../functions/delivery/mailer.ses.ts';
import { NotSentError, toMime } from '../../functions/delivery/mailer.ts';
import { sendOnce } from '../../functions/delivery/send-once.ts';
import { openLog } from '../../functions/observability/log.ts';
import type { Message } from '../../functions/report/mail-message.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { isMotoInstalled, startMoto } from '../aws/moto.ts';
import { type SesFault, startSes } from '../aws/ses-endpoint.ts';
import { leapingClock, onAnswer, skippableTimers } from '../hand-clock.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const message: Message = {
  kind: 'report',
  day: '2026-11-21',
  from: { address: 'chat-report@example.com', name: null },
  to: { address: 'manager.of+all@example.com', name: null },
  subject: 'Chat 21/11/2026: nhỡ 70/681 (10,3%) — “Ẩm Thực Việt” 🍜',
  html: '<!doctype html><p>Tỷ lệ nhỡ: 10,3 %</p>',
  text: 'Tỷ lệ nhỡ: 10,3 %\n\nCần gọi lại: Trần Đình Trọng\n.\nFrom here on\n',
  date: '2026-11-21T23:00:05.000Z',
  listId: 'chat-report.demo.example.com',
  unsubscribe: 'mailto:ops@example.com?subject=off',
  attachments: [],
};

const access = { region: 'eu-west-1', credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' } };

/** Of one try. It passes at once where no answer comes, and is never too short for one that does. */
const ATTEMPT_MS = 30_000;

/** SES behind a local server that does what the faults say, one a request. */
async function open(faults: readonly SesFault[] = [], configurationSet: string | null = null) {
  const ses = await startSes();
  onTestFinished(() => ses.close());
  ses.faults.push(...faults);
  const mailer = openSes({
    configurationSet,
    client: { ...access, endpoint: ses.url },
    firstDelayMs: 1,
    attemptMs: ATTEMPT_MS,
  });
  const requests = (): number => ses.asked.get('SendRawEmail') ?? 0;
  return { ses, mailer, requests };
}

/** The same, with a lake that remembers what was sent and a clock that only the test moves. */
async function openPost(faults: readonly SesFault[] = []) {
  const opened = await open(faults);
  const lake = openFolder(await temporaryFolder());
  const clock = leapingClock();
  const send = (address = message.to.address, mailer = opened.mailer) =>
    sendOnce(
      { ...message, to: { address, name: null } },
      { run: 'run', resend: false },
      { mailer, lake, clock, log: openLog(() => {}) },
    );
  return { ...opened, send, pass: clock.pass };
}

const failureOf = async (sending: Promise<unknown>): Promise<Error> => {
  try {
    await sending;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it did not fail');
};

describe('a mail over SES', () => {
  test('arrives as it was written, at its one recipient, under its configuration set', async () => {
    const { ses, mailer } = await open([], 'reports');
    const id = await mailer.send(message);
    const [mail, ...others] = ses.mails;
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      messageId: id,
      source: message.from.address,
      destinations: [message.to.address],
      configurationSet: 'reports',
    });
    expect(mail?.raw).toEqual(Buffer.from(await toMime(message)));
    const read = await PostalMime.parse(mail?.raw ?? '');
    expect(read).toMatchObject({ subject: message.subject, date: message.date });
    expect(read.to?.map(({ address }) => address)).toEqual([message.to.address]);
    expect(read.html?.trim()).toBe(message.html);
    expect(read.text?.replaceAll('\r\n', '\n').trim()).toBe(message.text.trim());
  });

  test('names no configuration set where there is none', async () => {
    const { ses, mailer } = await open();
    await mailer.send(message);
    expect(ses.mails.map(({ configurationSet }) => configurationSet)).toEqual([null]);
  });

  test('is waited for where SES is slow', async () => {
    const { ses, mailer } = await open(['slow']);
    await mailer.send(message);
    expect(ses.mails).toHaveLength(1);
  });

  test('that is throttled is sent once all the same', async () => {
    const { ses, mailer, requests } = await open(['Throttling', 'Throttling', 'Throttling']);
    await mailer.send(message);
    expect(ses.mails).toHaveLength(1);
    expect(requests()).toBe(4);
  });

  test('that is throttled for long is certainly not sent', async () => {
    const { ses, mailer, requests } = await open(Array(9).fill('Throttling'));
    await expect(mailer.send(message)).rejects.toBeInstanceOf(NotSentError);
    expect(ses.mails).toEqual([]);
    expect(requests()).toBe(5);
  });

  test('is not tried again by a process that was stopped meanwhile', async () => {
    const { ses, mailer, requests } = await open(['Throttling']);
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    ses.onSend = () => {
      vi.setSystemTime(Date.now() + 61_000);
    };
    expect(await failureOf(mailer.send(message))).toBeInstanceOf(NotSentError);
    expect(requests()).toBe(1);
    expect(ses.mails).toEqual([]);
  });

  test.each<[SesFault, RegExp]>([
    ['DailyQuota', /as many mails in 24 hours as this account may: ask AWS/],
    ['MessageRejected', /MessageRejected: Email address is not verified.*→ verify the sender/],
    ['MailFromDomainNotVerifiedException', /MAIL FROM domain is missing or wrong/],
    ['AccountSendingPausedException', /paused sending for the whole account/],
    ['ConfigurationSetDoesNotExist', /<reports> does not exist.*create the configuration set/],
    ['ConfigurationSetSendingPausedException', /paused for the configuration set/],
    ['AccessDenied', /allow ses:SendRawEmail/],
    ['InvalidClientTokenId', /the AWS credentials are not valid/],
    ['SignatureDoesNotMatch', /or the clock of this machine is/],
    ['InvalidParameterValue', /InvalidParameterValue: Local address contains/],
  ])(
    'that SES refuses with %s is certainly not sent, and why is said without an address',
    async (fault, says) => {
      const { ses, mailer, requests } = await open([fault], 'reports');
      const error = await failureOf(mailer.send(message));
      expect(error).toBeInstanceOf(NotSentError);
      expect(error.message).toMatch(says);
      expect(error.cause).toBeInstanceOf(Error);
      const said = `${error.message} ${error.cause} ${JSON.stringify(error.cause)}`;
      expect(said).not.toMatch(/manager|chat-report@/i);
      expect(ses.mails).toEqual([]);
      expect(requests()).toBe(1);
    },
  );

  test.each<SesFault>([
    'InternalFailure',
    'ServiceUnavailable',
    403,
    404,
    413,
    502,
    'reset',
    'accepted-reset',
    'stalled',
    'accepted-stalled',
    'accepted-stalled-within',
  ])('of which nobody knows (%s) is not tried again, nor taken for not sent', async (fault) => {
    const { ses, mailer, requests } = await open([fault]);
    if (fault === 'stalled' || fault === 'accepted-stalled') {
      const pass = skippableTimers();
      ses.onSend = () => pass(ATTEMPT_MS);
    }
    if (fault === 'accepted-stalled-within') {
      const pass = skippableTimers();
      onAnswer(() => pass(ATTEMPT_MS));
    }
    const error = await failureOf(mailer.send(message));
    expect(error).not.toBeInstanceOf(NotSentError);
    expect(error.message).toMatch(/^whether SES sent the mail is not known: /);
    expect(error.message).not.toMatch(/manager|chat-report@/i);
    expect(requests()).toBe(1);
  });

  test('is certainly not sent where SES cannot be reached', async () => {
    const { ses, mailer } = await open();
    await ses.close();
    const error = await failureOf(mailer.send(message));
    expect(error).toBeInstanceOf(NotSentError);
    expect(error).toMatchObject({ message: 'SES could not be reached: ECONNREFUSED' });
  });

  test('is certainly not sent without credentials', async () => {
    const { ses } = await open();
    const credentials = () => Promise.reject(new Error('no credentials found'));
    const client = { region: 'eu-west-1', endpoint: ses.url, credentials };
    const error = await failureOf(openSes({ configurationSet: null, client }).send(message));
    expect(error).toBeInstanceOf(NotSentError);
    expect(error.message).toContain('no credentials found');
    expect(ses.asked.size).toBe(0);
  });

  test('is certainly not sent where the credentials are too long in coming', async () => {
    const { ses } = await open();
    const { promise, resolve } = Promise.withResolvers<typeof access.credentials>();
    const client = { region: 'eu-west-1', endpoint: ses.url, credentials: () => promise };
    const mailer = openSes({ configurationSet: null, client, attemptMs: 50 });
    expect(await failureOf(mailer.send(message))).toBeInstanceOf(NotSentError);
    resolve(access.credentials);
    await promise;
    await new Promise((done) => setTimeout(done, 100));
    expect(ses.asked.size).toBe(0);
  });
});

describe('a mail over SES that is sent once', () => {
  test('goes out once where SES throttles', async () => {
    const { ses, send } = await openPost(['Throttling', 'Throttling']);
    expect(await send()).toEqual({ state: 'sent' });
    expect(await send()).toEqual({ state: 'already-sent' });
    expect(ses.mails).toHaveLength(1);
  });

  test('is one a recipient, and a bad recipient does not cost the others theirs', async () => {
    const { ses, send } = await openPost();
    ses.unverified.add('b@example.com');
    const sendings = await Promise.allSettled(
      ['a@example.com', 'b@example.com', 'c@example.com'].map((to) => send(to)),
    );
    expect(sendings.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const destinations = ses.mails.map((mail) => mail.destinations);
    expect(destinations.toSorted()).toEqual([['a@example.com'], ['c@example.com']]);
    for (const { raw, destinations } of ses.mails) {
      const read = await PostalMime.parse(raw);
      expect(read.to?.map(({ address }) => address)).toEqual(destinations);
    }
  });

  test('whose yes was lost is sent again only once the claim is given up, and then once', async () => {
    const { ses, send, pass } = await openPost(['accepted-reset']);
    await expect(send()).rejects.toThrow('not known');
    expect(await send()).toEqual({ state: 'claimed', isOwn: expect.any(Boolean), freeInSeconds: 600 });
    pass(599_000);
    expect(await send()).toMatchObject({ state: 'claimed' });
    expect(ses.mails).toHaveLength(1);
    pass(1_000);
    expect(await send()).toEqual({ state: 'sent' });
    expect(await send()).toEqual({ state: 'already-sent' });
    expect(ses.mails).toHaveLength(2);
  });

  test('waits for the claim after a 503', async () => {
    const { ses, send } = await openPost(['ServiceUnavailable']);
    await expect(send()).rejects.toThrow('HTTP 503');
    expect(await send()).toMatchObject({ state: 'claimed' });
    expect(ses.mails).toEqual([]);
  });

  test('goes out at once after SES could not be reached', async () => {
    const { ses, send } = await openPost();
    const gone = await open();
    await gone.ses.close();
    await expect(send(message.to.address, gone.mailer)).rejects.toThrow('ECONNREFUSED');
    expect(await send()).toEqual({ state: 'sent' });
    expect(ses.mails).toHaveLength(1);
  });
});

interface MotoData {
  readonly ses: { readonly RawMessage: readonly { id: string; destinations: string[]; raw_data: string }[] };
}

describe.skipIf(!isMotoInstalled())('a mail over the SES of moto', () => {
  test('arrives as it was written', async () => {
    const server = await startMoto();
    if (server === null) return;
    onTestFinished(() => server.close());
    const client = { ...access, endpoint: server.url };
    const mailer = openSes({ configurationSet: 'reports', client });
    expect(await failureOf(mailer.send(message))).toBeInstanceOf(NotSentError);
    const admin = new SESClient(client);
    await admin.send(new VerifyEmailIdentityCommand({ EmailAddress: message.from.address }));
    await admin.send(new CreateConfigurationSetCommand({ ConfigurationSet: { Name: 'reports' } }));
    const id = await mailer.send(message);
    const kept = await (await fetch(`${server.url}/moto-api/data.json`)).json();
    const { ses } = kept as MotoData;
    const raw = ses.RawMessage.find((mail) => mail.id === id);
    // It counts those of the header besides.
    expect(new Set(raw?.destinations)).toEqual(new Set([message.to.address]));
    expect((await PostalMime.parse(raw?.raw_data ?? '')).subject).toBe(message.subject);
  });
});
