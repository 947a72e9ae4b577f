import { describe, expect, test } from 'vitest';
import { formatError } from '../bin/terminal.ts';
import { negotiate } from '../functions/api/route.ts';
import { landingPageKey } from '../functions/chats/chat.ts';
import { identifyContact } from '../functions/chats/customer-identity.ts';
import { explainText } from '../functions/config/variables.ts';
import { toMime } from '../functions/delivery/mailer.ts';
import { maskEmail, maskName, maskPage, maskPhone } from '../functions/metrics/masking.ts';
import { redact } from '../functions/observability/redact.ts';
import { redactPage } from '../functions/privacy/redact-row.ts';
import { contactsIn, SuppressionList, ValueSieve, valuesIn } from '../functions/privacy/suppression-list.ts';
import { html } from '../functions/report/formats/mail-page.ts';
import { aligned, wrapped } from '../functions/report/formats/text.ts';
import { cellText } from '../functions/report/formats/workbook/sheet.ts';
import { oneLine, visible } from '../functions/report/plain-text.ts';
import { DIALECT } from '../functions/sources/caresoft/dialect.ts';
import { readChatsAnswer } from '../functions/sources/caresoft/response.ts';
import { readLockout, readRetryAfter } from '../functions/sources/caresoft/retry-policy.ts';
import { domainOf } from '../functions/storage/layout.ts';
import { cutKey, cutText } from '../functions/text/bounds.ts';
import { declaredCharset } from '../functions/text/charset.ts';
import { acceptedLanguage } from '../functions/web/locale.ts';

/** Of which texts are made that a careless pattern reads again and again. */
const WORST = [
  ...[
    'x',
    '7',
    '.',
    'a@',
    'a(at)',
    ' at ',
    '-at-a',
    '0a',
    '1/',
    '%25',
    '%41',
    '%3C',
    '<',
    '&',
    '&lt;',
    '&#6',
    '"',
    '\\',
    '\\"',
  ],
  ...[' ', '\n ', '*', '123****', '\u0301', '\u200b', '😀', '\ud83d', 'khong ', 'l ', 'ấ', 'a,b;q=0,', '//'],
];
const [SMALL, LARGE] = [100_000, 1_000_000];
/**
 * So much of either text is enough where it takes several ticks of the clock, which are 4 ms. It is still so long that what
 * looks at some thousand characters about each does so in both.
 */
const LESS = 0.5;
/**
 * As much as ten times the text may cost: ten times where it is read once, a hundred where each letter is compared with each.
 * Between them is room for what a collector of garbage and a busy machine add.
 */
const MOST_TIMES = 40;
/** Less is noise. */
const LEAST_MS = 8;
const TRIES = 4;

/** Each of them in a row by itself, so that none shortens what another is the worst for. */
function textOf(length: number): string {
  const each = length / WORST.length;
  return WORST.map((worst) => worst.repeat(each / worst.length)).join('x ');
}

/** Of this thread: others are at work beside it. */
async function msOf(read: (text: string) => unknown, text: string): Promise<number> {
  const before = process.threadCpuUsage();
  await read(text);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

async function timesOf(read: (text: string) => unknown): Promise<number> {
  const least = textOf(SMALL * LESS);
  // The second time, when it is compiled.
  await read(least);
  const isSlow = (await msOf(read, least)) > 2 * LEAST_MS;
  const times = isSlow ? await compared(read, least, textOf(LARGE * LESS)) : Number.POSITIVE_INFINITY;
  // What short texts do not show is looked for in long ones, where noise is less of the whole.
  return times <= MOST_TIMES ? times : await compared(read, textOf(SMALL), textOf(LARGE));
}

async function compared(read: (text: string) => unknown, small: string, large: string): Promise<number> {
  let [leastSmall, leastLarge] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let times = Number.POSITIVE_INFINITY;
  for (let tried = 0; tried < TRIES && times > MOST_TIMES; tried += 1) {
    leastSmall = Math.min(leastSmall, await msOf(read, small));
    leastLarge = Math.min(leastLarge, await msOf(read, large));
    times = leastLarge / Math.max(leastSmall, LEAST_MS);
  }
  return times;
}

const suppressed = new SuppressionList(Buffer.alloc(32, 7), [
  {
    hash: new SuppressionList(Buffer.alloc(32, 7), []).hash('id:5'),
    customer: 'erased-0000000000000000',
    given: true,
  },
]);
const redactRowOf = (text: string) => {
  const row = {
    ...{ conversation_id: 'c', customer_id: 5, cus_name: text, cus_phone: text, cus_email: text },
    ...{ landing_page: `https://example.com/${text}`, chat_status: text, unknown: { [text]: text } },
  };
  const body = JSON.stringify({ code: 'ok', numFound: 1, chats: [row], beside: text });
  return redactPage(Buffer.from(body), 'zalo', suppressed, DIALECT);
};
const refuse = (text: string) => {
  const body = Buffer.from(JSON.stringify({ code: 'errors', message: text }));
  const answer = {
    status: 400,
    contentType: 'application/json',
    retryAfter: null,
    body,
    secret: 'token-1',
  };
  try {
    return readChatsAnswer(answer);
  } catch {
    return null;
  }
};
const mail = (text: string) =>
  toMime({
    ...{ kind: 'report', day: '2026-11-20', subject: text, text, html: text, date: '2026-11-21' },
    ...{ from: { address: 'a@example.com', name: text }, to: { address: 'b@example.com', name: null } },
    ...{ listId: 'a.example.com', unsubscribe: 'mailto:a@example.com', attachments: [] },
  });

const sieve = new ValueSieve(new Set(['id:5000001', 'phone:0111111112', 'email:aaaaaaa@example.com']));

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  ...{ maskName, maskPage, maskPhone, maskEmail, redact, contactsIn, valuesIn, oneLine, cellText, wrapped },
  ...{ explainText, domainOf, negotiate: (text) => negotiate(text, ['text/html', 'application/json']) },
  ...{ acceptedLanguage, redactRowOf, refuse, mail, formatError: (text) => formatError(new Error(text)) },
  'a search in a page': (text) => sieve.mayPass(JSON.stringify(text)),
  'identifyContact by phone': (text) =>
    identifyContact({ customerId: null, customerPhone: text, customerEmail: null }),
  'identifyContact by e-mail': (text) =>
    identifyContact({ customerId: null, customerPhone: null, customerEmail: text }),
  'landingPageKey of a path': (text) => landingPageKey(`https://example.com/${text}`),
  'landingPageKey of a host': (text) => landingPageKey(`https://${text}`),
  'html as content': (text) => html`<p title="${text}">${[text, html`<b>${text}</b>`]}</p>`.markup,
  visible: (text) => visible(text, 80),
  'a lock-out': readLockout,
  'Retry-After': (text) => readRetryAfter(text, 0),
  declaredCharset: (text) => declaredCharset(`application/json${text}`),
  'a name and a key that are cut': (text) => [cutText(text, 200), cutKey(text, 200)],
  aligned: (text) =>
    aligned([
      [text, text],
      ['a', 'b'],
    ]),
};

describe('ten times as much of the worst text costs at most forty times as much', () => {
  test.each(Object.entries(READERS))('%s', async (_name, read) => {
    expect(await timesOf(read)).toBeLessThanOrEqual(MOST_TIMES);
  });
});
