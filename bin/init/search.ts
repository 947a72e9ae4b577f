import { CHANNELS, type Channel } from '../../functions/chats/channel.ts';
import { readSettings, SETTINGS, type SettingProblem } from '../../functions/config/settings.ts';
import { checkAccount } from '../../functions/sources/caresoft/diagnostics/account.ts';
import type { ListedEntry } from '../../functions/sources/caresoft/diagnostics/filters.ts';
import type { Finding } from '../../functions/sources/caresoft/diagnostics/probe.ts';
import { VENDOR, VENDOR_SETTINGS } from '../../functions/sources/vendor.ts';
import type { Questions } from '../questions.ts';
import { findEntries } from '../settings/listed-names.ts';
import { EXIT, type ExitCode, refuse, type Terminal } from '../terminal.ts';
import { openDiagnostics, toAccountUnderTest } from '../tried-account.ts';
import { openAccount, type TriedAccount, toSettings } from './account.ts';
import { writeSettingsFile } from './file.ts';
import {
  type AskedText,
  askAddress,
  askChannels,
  askClock,
  askEntries,
  askLake,
  askLocale,
  askNext,
  askText,
  askToken,
} from './questions.ts';
import { checkLakeOf, type InitTask, nameAsGiven, type SettingTexts, settingsOf } from './task.ts';

type Draft = Record<string, string>;

/** What the account said of itself. */
interface Offer {
  /** Null: nothing was tried. */
  readonly counts: ReadonlyMap<Channel, number | null> | null;
  readonly account: TriedAccount | null;
}

const { baseUrl, token, tokenSecret, clock, groups, services } = VENDOR_SETTINGS;
const LISTS = [
  { kind: 'groups', setting: groups },
  { kind: 'services', setting: services },
] as const;

/** Finds out what the task leaves open, tries it, and writes the file. @param questions null asks nothing */
export async function findSettings(
  task: InitTask,
  terminal: Terminal,
  questions: Questions | null,
): Promise<ExitCode> {
  return await new Search(task, terminal, questions).run();
}

/** A problem that ends a search without a person. */
class SearchError extends Error {
  override readonly name = 'SearchError';
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    super('nothing was written');
    this.problems = problems;
  }
}

class Search {
  readonly #task: InitTask;
  readonly #terminal: Terminal;
  readonly #questions: Questions | null;
  /** The person who is asked for what has a default, too. */
  readonly #person: Questions | null;
  /** The values so far, by the names of their settings. A setting without one stays as the program has it. */
  #draft: Draft;
  /** More about a setting, for its comment in the file. */
  readonly #notes = new Map<string, string>();

  constructor(task: InitTask, terminal: Terminal, questions: Questions | null) {
    this.#task = task;
    this.#terminal = terminal;
    this.#questions = questions;
    this.#person = task.isAgreed ? null : questions;
    this.#draft = { ...task.defaults, ...task.given };
  }

  async run(): Promise<ExitCode> {
    try {
      if (!(await this.#mayReplace())) return this.#writeNothing();
      const offer = await this.#enter();
      await this.#chooseChannels(offer);
      await this.#chooseEntries(offer);
      await this.#chooseTexts();
      const failed = offer.account === null ? [] : await this.#tryAll();
      if (failed.length > 0 && !(await this.#mayWriteAnyway(failed.length))) return this.#writeNothing();
      const isFine = failed.length === 0;
      const found = { values: this.#draft, notes: this.#notes, isFine };
      await writeSettingsFile(this.#task, found, this.#terminal);
      return isFine ? EXIT.done : EXIT.unproven;
    } catch (error) {
      if (!(error instanceof SearchError)) throw error;
      return refuse(this.#terminal, error.problems);
    }
  }

  async #mayReplace(): Promise<boolean> {
    const { file, isThere, isAgreed } = this.#task;
    if (!isThere || isAgreed || this.#questions === null) return true;
    return await this.#questions.confirm({
      asks: `${file} is there already. May it be replaced?`,
      why: 'Its values are offered as answers. Settings that are not asked for stay.',
      initial: false,
    });
  }

  #writeNothing(): ExitCode {
    this.#terminal.err('\nchat-report: nothing was written.\n');
    return EXIT.wrongUsage;
  }

  /** Finds an address and a token that open the account. */
  async #enter(): Promise<Offer> {
    const isOpen = (name: string): boolean => this.#task.given[name] === undefined;
    if (isOpen(baseUrl)) await this.#findAddress(false);
    if (isOpen(token)) await this.#findToken(false);
    if (this.#task.isOffline) return { counts: null, account: null };
    for (;;) {
      this.#say(`Trying ${this.#draft[baseUrl]} …`);
      const account = await openAccount(this.#access(), this.#terminal.pace);
      const contact = await account.contact();
      if (contact.isWelcome) {
        this.#person?.say(`${VENDOR} knows the account and takes the token.`, 'success');
        return { counts: contact.counts, account };
      }
      if (!(await this.#mendAccess(contact.failure))) return { counts: null, account: null };
    }
  }

  /** The settings that open the account, and no filter. */
  #access(): SettingTexts {
    const names: readonly string[] = [baseUrl, token, tokenSecret, clock];
    return settingsOf(
      this.#task,
      Object.fromEntries(Object.entries(this.#draft).filter(([name]) => names.includes(name))),
    );
  }

  /** @param isAgain whether the answer before was wrong */
  async #findAddress(isAgain: boolean): Promise<void> {
    const asked = isAgain || this.#draft[baseUrl] === undefined ? this.#questions : this.#person;
    if (asked !== null) this.#draft[baseUrl] = await askAddress(asked, this.#draft[baseUrl]);
  }

  async #findToken(isAgain: boolean): Promise<void> {
    const isSet = !isAgain && (this.#draft[token] ?? this.#draft[tokenSecret]) !== undefined;
    const asked = isSet ? this.#person : this.#questions;
    const answer = asked === null ? null : await askToken(asked, isSet);
    if (answer === null) return;
    const { [tokenSecret]: _, ...others } = this.#draft;
    this.#draft = { ...others, [token]: answer };
  }

  /** @returns whether to try again */
  async #mendAccess(failure: Finding): Promise<boolean> {
    if (this.#questions === null) throw new SearchError([this.#toProblem(failure)]);
    this.#questions.say(`${failure.says}\n→ ${failure.do ?? ''}`, 'failure');
    const isOfToken = failure.id === 'token';
    if (isOfToken || failure.id === 'domain') {
      await (isOfToken ? this.#findToken(true) : this.#findAddress(true));
      return true;
    }
    const next = await askNext(this.#questions);
    if (next === 'address') await this.#findAddress(true);
    if (next === 'token') await this.#findToken(true);
    return next !== 'offline';
  }

  #toProblem({ id, says, do: todo }: Finding): SettingProblem {
    const isOfToken = id === 'token';
    const held = this.#draft[token] === undefined ? tokenSecret : token;
    const of = nameAsGiven(isOfToken ? held : baseUrl, this.#task);
    const more = id === 'connection' ? '; --offline writes the file without trying' : '';
    return { of, says: `does not open the account: ${says.replace(/\.$/, '')}; ${todo}${more}` };
  }

  /** A person is proposed to leave out a channel that does not answer. Without one it stays: the trouble may pass. */
  async #chooseChannels({ counts }: Offer): Promise<void> {
    if (this.#task.given.CHANNELS !== undefined) return;
    const isRefused = (channel: Channel): boolean => counts?.get(channel) === null;
    const set = this.#readChannels();
    const proposed = set.filter((channel) => !isRefused(channel));
    if (this.#person !== null) {
      this.#setChannels(await askChannels(this.#person, counts, proposed));
      return;
    }
    if (proposed.length === set.length) return;
    const silent = set.filter(isRefused).join(', ');
    this.#say(
      `${VENDOR} does not answer for ${silent}. Where the account has none, give --channels ${proposed.join()}.`,
    );
  }

  #readChannels(): readonly Channel[] {
    const read = readSettings({ ...this.#access(), CHANNELS: this.#draft.CHANNELS });
    return 'settings' in read ? read.settings.channels : CHANNELS;
  }

  /** All channels are the default, so that a later channel is among them. */
  #setChannels(chosen: string): void {
    this.#set('CHANNELS', chosen === CHANNELS.join() ? '' : chosen);
  }

  #set(name: string, value: string): void {
    const { [name]: _, ...others } = this.#draft;
    this.#draft = value === '' ? others : { ...others, [name]: value };
  }

  /** Groups and services, by the names that the account has for them. */
  async #chooseEntries({ account }: Offer): Promise<void> {
    const problems: SettingProblem[] = [];
    for (const { kind, setting } of LISTS) {
      const text = this.#task.given[setting];
      if (account === null || (text === undefined && this.#person === null)) continue;
      const list = await account.list(kind);
      if (text !== undefined) problems.push(...this.#findGiven(text, setting, list));
      else if (this.#person !== null) await this.#askEntries(this.#person, kind, setting, list);
    }
    if (problems.length > 0) throw new SearchError(problems);
  }

  #findGiven(text: string, setting: string, list: readonly ListedEntry[] | null): SettingProblem[] {
    const of = nameAsGiven(setting, this.#task);
    if (list === null) {
      if (/^[\d\s,]+$/.test(text)) return [];
      return [{ of, says: `holds a name, but ${VENDOR} gives this token no list of names; write ids` }];
    }
    const { entries, problems } = findEntries(text, list);
    this.#setEntries(setting, entries);
    return problems.map((says) => ({ of, says }));
  }

  async #askEntries(
    person: Questions,
    kind: 'groups' | 'services',
    setting: string,
    list: readonly ListedEntry[] | null,
  ): Promise<void> {
    // One entry is no choice.
    if (list === null || list.length < 2) return;
    const set = (this.#draft[setting] ?? '').split(',').map((id) => id.trim());
    const known = set.filter((id) => list.some((entry) => entry.id === id));
    const chosen = await askEntries(person, kind, list, known);
    this.#setEntries(
      setting,
      list.filter(({ id }) => chosen.includes(id)),
    );
  }

  #setEntries(setting: string, entries: readonly ListedEntry[]): void {
    this.#set(setting, entries.map(({ id }) => id).join());
    this.#notes.set(setting, entries.map(({ id, name }) => `${id} ${name}`.trim()).join(', '));
  }

  async #chooseTexts(): Promise<void> {
    const person = this.#person;
    const isOpen = (name: string): boolean => person !== null && this.#task.given[name] === undefined;
    const ask = async (name: AskedText): Promise<void> => {
      if (person !== null && isOpen(name)) this.#set(name, await askText(person, name, this.#draft[name]));
    };
    await ask('MAIL_TO');
    // Without recipients there is no mail.
    if (this.#draft.MAIL_TO !== undefined) await ask('MAIL_FROM');
    if (person !== null && isOpen('LOCALE')) this.#set('LOCALE', await askLocale(person, this.#draft.LOCALE));
    await ask('BUSINESS_HOURS');
    await ask('TARGET_MISSED_RATE');
    if (person !== null && isOpen('LAKE_URI')) {
      const set = this.#draft.LAKE_URI ?? SETTINGS.LAKE_URI.default;
      this.#set('LAKE_URI', await askLake(person, set, (lake) => this.#explainLake(lake)));
    }
    this.#draft = { LOCALE: SETTINGS.LOCALE.default, LAKE_URI: SETTINGS.LAKE_URI.default, ...this.#draft };
  }

  async #explainLake(lake: string): Promise<string | null> {
    const problems = await checkLakeOf({ ...this.#access(), LAKE_URI: lake }, 'LAKE_URI');
    return problems.length === 0 ? null : problems.map(({ of, says }) => `${of} ${says}`).join('; ');
  }

  /** Tries everything as `check` does. @returns the findings that would spoil a report */
  async #tryAll(): Promise<readonly Finding[]> {
    this.#say(`Trying the settings, with some thirty questions to ${VENDOR}. This takes a while …`);
    const failed: Finding[] = [];
    const settings = toSettings(settingsOf(this.#task, this.#draft));
    const ports = await openDiagnostics(settings, this.#terminal.pace);
    for await (const finding of checkAccount(toAccountUnderTest(settings), ports)) {
      if (await this.#takeProposal(finding)) continue;
      if (finding.status !== 'fail') continue;
      failed.push(finding);
      this.#showFailure(finding);
    }
    if (failed.length === 0) this.#person?.say('Nothing stands in the way of a report.', 'success');
    return failed;
  }

  /** @returns whether the finding has no more to say */
  async #takeProposal(finding: Finding): Promise<boolean> {
    const { proposes } = finding;
    if (proposes === undefined || this.#task.given[proposes.setting] !== undefined) return false;
    const { setting, value } = proposes;
    if (this.#person !== null) {
      const current = this.#draft[setting] ?? SETTINGS[clock].default;
      this.#set(setting, await askClock(this.#person, finding, { current, proposed: value }));
      return true;
    }
    // Only a sure finding changes a setting without a person.
    if (!this.#task.isAgreed || finding.status !== 'fail') return false;
    this.#say(`${finding.says} The file sets ${setting}=${value}.`);
    this.#set(setting, value);
    return true;
  }

  #showFailure({ says, do: todo }: Finding): void {
    if (this.#questions !== null) this.#questions.say(`${says}\n→ ${todo ?? ''}`, 'failure');
    else this.#terminal.err(`fail  ${says}\n      → ${todo ?? ''}\n`);
  }

  async #mayWriteAnyway(failed: number): Promise<boolean> {
    if (this.#person === null) return true;
    return await this.#person.confirm({
      asks: `Write ${this.#task.file} all the same?`,
      why: `${failed === 1 ? 'One thing' : `${failed} things`} would spoil a report. They can be mended in the file, too.`,
      initial: true,
    });
  }

  #say(text: string): void {
    if (this.#questions !== null) this.#questions.say(text);
    else this.#terminal.err(`chat-report: ${text}\n`);
  }
}
