import { CHANNELS, type Channel } from '../../functions/chats/channel.ts';
import { settingsSchema } from '../../functions/config/settings.ts';
import { readVariables } from '../../functions/config/variables.ts';
import type { ListedEntry } from '../../functions/sources/caresoft/diagnostics/filters.ts';
import type { Finding } from '../../functions/sources/caresoft/diagnostics/probe.ts';
import { VENDOR, VENDOR_SETTINGS } from '../../functions/sources/vendor.ts';
import type { Questions } from '../questions.ts';
import { toAccountAddress } from '../settings/account-address.ts';
import { cleanToken } from '../token-file.ts';

/** The questions of `init`, one each. */

/** What is wrong with the text of a setting, in a sentence that names it. Null: nothing is. An empty text is none. */
function explainSetting(name: string, text: string): string | null {
  const read = readVariables(settingsSchema.partial(), { [name]: text });
  if (!('problems' in read)) return null;
  return read.problems.map(({ of, says }) => `${of} ${says}`).join('; ');
}

/** @returns the address as its setting has it */
export async function askAddress(questions: Questions, initial: string | undefined): Promise<string> {
  const { baseUrl } = VENDOR_SETTINGS;
  const answer = await questions.text({
    asks: `Which ${VENDOR} account is it?`,
    why: 'Its name is the last part of its address. The whole address will do, too.',
    such: 'such as acme',
    initial,
    check: (text) => {
      if (text === '') return 'Type the name of the account.';
      if (/\s/u.test(text)) return 'A name of an account has no blank. It is such as acme.';
      return explainSetting(baseUrl, toAccountAddress(text));
    },
  });
  return toAccountAddress(answer);
}

/** @returns null where the token stays as it is set */
export async function askToken(questions: Questions, isSet: boolean): Promise<string | null> {
  const answer = await questions.secret({
    asks: 'Which token opens it?',
    why: isSet
      ? 'It is not shown. Enter alone keeps the token that is set already.'
      : 'An administrator of the account makes one. It is not shown.',
    check: (text) => {
      const token = cleanToken(text);
      if (token === '') return isSet ? null : 'Type or paste the token.';
      return explainSetting(VENDOR_SETTINGS.token, token);
    },
  });
  return cleanToken(answer) || null;
}

/** @returns the channels, with commas between */
export async function askChannels(
  questions: Questions,
  counts: ReadonlyMap<Channel, number | null> | null,
  initial: readonly string[],
): Promise<string> {
  const chosen = await questions.chooseSome({
    asks: 'Which channels are in the report?',
    why: counts === null ? 'All are chosen.' : 'The numbers are the chats of yesterday.',
    choices: CHANNELS.map((channel) => ({
      value: channel,
      label: `${channel}${describeCount(channel, counts)}`,
    })),
    initial,
  });
  return CHANNELS.filter((channel) => chosen.includes(channel)).join();
}

function describeCount(channel: Channel, counts: ReadonlyMap<Channel, number | null> | null): string {
  const count = counts?.get(channel);
  if (count === undefined) return '';
  return count === null
    ? ` (${VENDOR} does not answer for it)`
    : ` (${count} ${count === 1 ? 'chat' : 'chats'})`;
}

/** @returns the ids that count, in the order of the list; none for all */
export async function askEntries(
  questions: Questions,
  kind: 'groups' | 'services',
  list: readonly ListedEntry[],
  initial: readonly string[],
): Promise<readonly string[]> {
  const answer = await questions.choose({
    asks: `Which ${kind} count?`,
    why: `${VENDOR} lists ${list.length}. A report can be about some of them alone.`,
    choices: [
      { value: 'all', label: 'all of them' },
      { value: 'some', label: 'only some' },
    ],
    initial: initial.length > 0 ? 'some' : 'all',
  });
  if (answer === 'all') return [];
  const chosen = await questions.chooseSome({
    asks: `Choose the ${kind} that count.`,
    why: 'Chats of the others are left out of every figure.',
    choices: list.map(({ id, name }) => ({ value: id, label: name === '' ? id : name, hint: id })),
    initial: list.flatMap(({ id }) => (initial.includes(id) ? [id] : [])),
  });
  return list.flatMap(({ id }) => (chosen.includes(id) ? [id] : []));
}

/** Questions for a text, which may stay empty. */
const TEXTS = {
  MAIL_TO: {
    asks: 'Who gets the report by mail?',
    why: 'Mail addresses with commas between, names too. Empty: decide later.',
    such: 'such as Lan <lan@shop.vn>, quanly@shop.vn',
  },
  MAIL_FROM: {
    asks: 'Who is the sender?',
    why: 'Readers see it above the mail, and answer to it. Empty: decide later.',
    such: 'such as Báo cáo chat <report@shop.vn>',
  },
  BUSINESS_HOURS: {
    asks: 'When are agents there to answer?',
    why: 'Chats of other hours are counted apart. Empty: always.',
    such: 'such as Mon-Sat 08:00-21:00',
  },
  TARGET_MISSED_RATE: {
    asks: 'Up to which rate of missed chats is a day good?',
    why: 'The report says whether it was reached. Empty: no target.',
    such: 'such as 8%',
  },
} as const;

export type AskedText = keyof typeof TEXTS;

export async function askText(
  questions: Questions,
  name: AskedText,
  initial: string | undefined,
): Promise<string> {
  return await questions.text({ ...TEXTS[name], initial, check: (text) => explainSetting(name, text) });
}

export async function askLocale(questions: Questions, initial: string | undefined): Promise<string> {
  return await questions.choose({
    asks: 'In which language is the report?',
    why: 'Mail, page and workbook have one language.',
    choices: [
      { value: 'vi', label: 'Tiếng Việt' },
      { value: 'en', label: 'English' },
    ],
    initial: initial?.toLowerCase() ?? 'vi',
  });
}

/** @param check whether the lake can be used for the account */
export async function askLake(
  questions: Questions,
  initial: string,
  check: (lake: string) => Promise<string | null>,
): Promise<string> {
  return await questions.text({
    asks: 'Where is the data kept?',
    why: 'A folder, or s3://bucket/prefix. It holds chats of customers.',
    initial,
    check: async (lake) =>
      lake === ''
        ? 'Type a folder, such as out/lake.'
        : (explainSetting('LAKE_URI', lake) ?? (await check(lake))),
  });
}

/** @returns the clock that is to be set */
export async function askClock(
  questions: Questions,
  { says, status }: Finding,
  { current, proposed }: { readonly current: string; readonly proposed: string },
): Promise<string> {
  questions.say(says, status === 'fail' ? 'failure' : 'news');
  return await questions.choose({
    asks: `Which clock do the times of ${VENDOR} follow?`,
    why: 'By the wrong clock, a report would be of other hours.',
    choices: [
      { value: proposed, label: proposed, hint: 'as the chats tell' },
      { value: current, label: current, hint: 'as it is set' },
    ],
    initial: status === 'fail' ? proposed : current,
  });
}

/** What to do after the account did not let the program in. */
export async function askNext(questions: Questions): Promise<'again' | 'address' | 'token' | 'offline'> {
  const answer = await questions.choose({
    asks: 'What now?',
    why: 'The answers so far are kept.',
    choices: [
      { value: 'again', label: 'try again' },
      { value: 'address', label: 'another account or address' },
      { value: 'token', label: 'another token' },
      { value: 'offline', label: 'go on without trying', hint: 'nothing can be proposed then' },
    ],
  });
  return answer === 'address' || answer === 'token' || answer === 'offline' ? answer : 'again';
}
