import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openWorkbook } from '../report/open-workbook.ts';
import { type CaseRows, toWireRows } from './load-case.ts';
import { openCase, type RunningCase } from './run-case.ts';

const REPORT = 'out/lake/reports/dt=2026-11-20';

interface Told {
  readonly summary: {
    readonly totals: { readonly chats: number; readonly missed: number };
    readonly callbacks: readonly { readonly customer: { readonly name: string } }[];
    readonly byLandingPage: readonly { readonly key: string | null; readonly chats: number }[];
  };
  /** Every form that a reader gets, by its name. */
  readonly forms: Readonly<Record<string, string>>;
}

async function tell(opened: RunningCase, ...more: readonly string[]): Promise<Told> {
  const { code, out } = await opened.run('--json', ...more);
  expect(code).toBe(0);
  const file = (name: string) => readFile(join(opened.cwd, REPORT, name));
  const [mail] = Object.values(await opened.readMails());
  const { parts } = openWorkbook(await file('report.xlsx'));
  return {
    summary: JSON.parse(out),
    forms: {
      ...{ json: out, summary: String(await file('summary.json')), page: String(await file('report.html')) },
      ...{ text: String(await file('report.txt')), mail: `${mail?.subject}\n${mail?.text}\n${mail?.html}` },
      workbook: [...parts.values()].join('\n'),
    },
  };
}

/** The same account with other rows. */
function holdRows({ server, input }: RunningCase, rows: CaseRows): void {
  const behaviour = { order: 'newest' } as const;
  server.host({ domain: 'tai-khoan-1', token: 'token-1', behaviour, rows: toWireRows(rows) });
  expect(input.day).toBe('2026-11-20');
}

const missed = (name: string, index: number) => ({
  ...{ conversation_id: `N-${index}`, start_time: `2026-11-20 09:0${index}:00`, cus_name: name },
  chat_status: 'LBL_CHAT_STATUS_MISS',
});
const from = (page: string, index: number) => ({
  ...{ start_time: `2026-11-20 09:0${index}:00`, landing_page: page, chat_status: 'LBL_CHAT_STATUS_MISS' },
});

/** A text as it may be read: decoded as often as it can be, by no means of the program. */
function decoded(text: string): string {
  let read = text;
  for (let times = 0; times < 5; times += 1) {
    read = read.replaceAll(/(?:%[\da-f]{2})+/gi, (encoded) =>
      Buffer.from(unescape(encoded), 'latin1').toString(),
    );
  }
  return read.normalize('NFKC').replaceAll(/\p{Cf}/gu, '');
}

describe('a name that hides a number or an address', () => {
  test('shows it in no form of the report', async () => {
    const { summary, forms } = await tell(await openCase('28'));
    expect(summary.totals).toMatchObject({ chats: 7, missed: 7 });
    expect(summary.callbacks.map(({ customer }) => customer.name).toSorted()).toEqual([
      ...Array.from({ length: 5 }, () => 'Khách 091*****78'),
      ...['kh****@example.com', 'kh****@example.com'],
    ]);
    for (const { customer } of summary.callbacks)
      expect(customer.name.replaceAll(/\D/g, '')).not.toContain('2345678');
    for (const [form, text] of Object.entries(forms)) {
      expect(decoded(text), form).not.toMatch(/khach1\s*[@([＠]/);
      expect(text, form).not.toMatch(/0912[·_,:]345[·_,:]678|091234\u200b5678/);
    }
  });

  test('nor where it is spelled in other ways', async () => {
    const opened = await openCase('28');
    const names = [
      ...['Khách ⓪⑨①②③④⑤⑥⑦⑧', 'Khách 0️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣', 'Khách không chín một hai 345 678', 'Khách O912~345~678'],
      ...[
        'khach1 [at] example [dot] com',
        'khach1 a còng gmail',
        'khach1&#64;example.com',
        'khach1%252540example.com',
      ],
      ...['Khách ٠٩١٢٣٤٥٦٧٨'],
    ];
    holdRows(opened, { messenger: names.map(missed) });
    const { summary, forms } = await tell(opened);
    for (const { customer } of summary.callbacks) {
      expect(customer.name).toMatch(/^(Khách 091\*{5}78|kh\*{4}@.+)$/);
    }
    expect(summary.callbacks).toHaveLength(names.length);
    for (const [form, text] of Object.entries(forms)) {
      for (const name of names) expect(text, form).not.toContain(name);
    }
  });

  test('is shown where contacts are', async () => {
    const opened = await openCase('28');
    const { code, out } = await opened.call(['run', '--day', '2026-11-20', '--json'], { CONTACTS: 'full' });
    expect(code).toBe(0);
    expect(out).toContain('Khách 0912·345·678');
  });
});

describe('a landing page that hides a number or an address', () => {
  const keysOf = ({ summary }: Told) => summary.byLandingPage.map(({ key }) => key);

  test('shows it in no form of the report, and stays a page of its own', async () => {
    const told = await tell(await openCase('29'));
    expect(keysOf(told)).toEqual([
      'shop.example.com/091*****78',
      'shop.example.com/091*****78 (no. 2)',
      'shop.example.com/kh****@example.com',
    ]);
    for (const [form, text] of Object.entries(told.forms)) {
      expect(decoded(text), form).not.toMatch(/0912\/?345\/?678|khach1@/);
    }
  });

  test('nor where it is spelled in other ways, and a second derivation is the same to the byte', async () => {
    const opened = await openCase('29');
    const pages = [
      'https://shop.example.com/%25%33%30912-345-678',
      'https://shop.example.com/0912%E2%80%8B345%E2%80%8B678',
      'https://shop.example.com/０９１２３４５６７８',
      'https://shop.example.com/khach1%26%2364%3Bexample.com',
      'https://shop.example.com/khach1-at-example-dot-com',
      'https://shop.example.com/san-pham/ao-thun-2024',
      'https://shop.example.com/2026/11/20/12345',
    ];
    holdRows(opened, { livechat: pages.map(from) });
    const told = await tell(opened);
    expect(keysOf(told)).toEqual([
      'shop.example.com/091*****78',
      'shop.example.com/091*****78 (no. 2)',
      'shop.example.com/091*****78 (no. 3)',
      'shop.example.com/2026/11/20/12345',
      'shop.example.com/kh****@example-dot-com',
      'shop.example.com/kh****@example.com',
      'shop.example.com/san-pham/ao-thun-2024',
    ]);
    for (const [form, text] of Object.entries(told.forms)) {
      expect(decoded(text).replaceAll(/[-/]/g, ''), form).not.toMatch(/0912345678|khach1/);
    }
    const { code } = await opened.call(['rebuild', '--day', '2026-11-20']);
    expect(code).toBe(0);
    expect(String(await readFile(join(opened.cwd, REPORT, 'summary.json')))).toBe(told.forms.summary);
  });

  test('is shown where contacts are', async () => {
    const opened = await openCase('29');
    const { code, out } = await opened.call(['run', '--day', '2026-11-20', '--json'], { CONTACTS: 'full' });
    expect(code).toBe(0);
    expect(out).toContain('shop.example.com/0912/345/678');
  });
});

describe('what strangers write at length', () => {
  const cpuOf = async (opened: RunningCase): Promise<number> => {
    const before = process.threadCpuUsage();
    const { code } = await opened.run('--refresh');
    expect(code).toBe(0);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1_000;
  };
  const short = (rows: CaseRows): CaseRows =>
    JSON.parse(JSON.stringify(rows).replaceAll(/"times":(\d{4,})/g, '"times":3'));

  test.each([
    ['26', { chats: 2, missed: 1 }],
    ['27', { chats: 63, missed: 3 }],
  ])('costs about what a short text does: %s', async (number, totals) => {
    const opened = await openCase(number);
    const { summary } = await tell(opened);
    expect(summary.totals).toMatchObject(totals);
    const long = await cpuOf(opened);
    holdRows(opened, short(opened.input.rows));
    // Quadratic it is twenty times as much and more.
    expect(long).toBeLessThan(5 * (await cpuOf(opened)) + 200);
  });
});
