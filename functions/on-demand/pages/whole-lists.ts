import type { Callback, KeyedFigures, Summary } from '../../measure/summary.ts';
import { wallClock } from '../../report/format.ts';
import { visible } from '../../report/plain-text.ts';
import { shortRatio } from '../../report/voice.ts';
import type { PageVoice } from './words.ts';

/** A mail is cut at thirty customers and ten agents; a page has room for all but the absurd. */
const CUSTOMERS_SHOWN = 2_000;
const ROWS_SHOWN = 200;

/** As much of a list as is shown, and what is said of the rest; null where there is none. */
export interface Shown<Row> {
  readonly rows: readonly Row[];
  readonly more: string | null;
}

export interface CustomerRow {
  readonly name: string;
  readonly contacts: readonly string[];
  readonly details: readonly string[];
  readonly attempts: string;
  readonly repeated: boolean;
  readonly lastMissed: string;
}

/** Everybody to call back, in the order in which the summary has them. */
export function allCallbacks(callbacks: readonly Callback[], voice: PageVoice): Shown<CustomerRow> {
  const rest = callbacks.length - CUSTOMERS_SHOWN;
  return {
    rows: callbacks.slice(0, CUSTOMERS_SHOWN).map((callback) => customerRow(callback, voice)),
    more: rest > 0 ? voice.say.rest(voice.report.format.count(rest), rest) : null,
  };
}

function customerRow(callback: Callback, { report }: PageVoice): CustomerRow {
  const { words, format } = report;
  const { customer, attempts, channels } = callback;
  const ticket = visible(callback.ticketNo, 20);
  const [first, last] = [wallClock(callback.firstMissedAt), wallClock(callback.lastMissedAt)];
  return {
    name: visible(customer.name, 80) ?? words.noName,
    contacts: [visible(customer.phone, 20), visible(customer.email, 60)].filter((text) => text !== null),
    details: [
      channels.map((channel) => words.channels[channel]).join(', '),
      ticket === null ? null : words.ticket(ticket),
      first === last ? null : words.since(first),
    ].filter((text) => text !== null),
    attempts: format.count(attempts),
    repeated: attempts > 1,
    lastMissed: last,
  };
}

export interface FiguresList extends Shown<FiguresRow> {
  readonly title: string;
  /** What a row is about. */
  readonly of: string;
}

interface FiguresRow {
  readonly name: string;
  readonly chats: string;
  readonly ratio: string;
  readonly rate: string;
  readonly serviceLevel: string;
  readonly wait: string;
}

/** Agents, groups, services, and the pages on which chats were missed; a list that would say nothing is left out. */
export function allLists(summary: Summary, voice: PageVoice): FiguresList[] {
  const { words } = voice.report;
  const { byAgent, byGroup, byService, byLandingPage } = summary;
  const lostOn = byLandingPage
    .filter(({ key, missed }) => key !== null && missed > 0)
    .toSorted((a, b) => b.missed - a.missed || b.chats - a.chats);
  return [
    { title: words.byAgent, of: words.agent, none: words.unassigned, all: byAgent },
    { title: words.byGroup, of: words.group, none: words.noGroup, all: byGroup },
    { title: words.byService, of: words.service, none: words.noService, all: byService },
    { title: words.byLandingPage, of: words.landingPage, none: words.noName, all: lostOn },
  ].flatMap(({ title, of, none, all }) => {
    if (all.every(({ key }) => key === null)) return [];
    const rest = all.length - ROWS_SHOWN;
    const more = rest > 0 ? voice.say.restOfRows(voice.report.format.count(rest)) : null;
    return [{ title, of, rows: figuresRows(all.slice(0, ROWS_SHOWN), none, voice), more }];
  });
}

/** Two agents may have one name: then each name is followed by its key. */
function figuresRows(all: readonly KeyedFigures[], none: string, { report }: PageVoice): FiguresRow[] {
  const named = all.map((figures) => ({
    figures,
    key: visible(figures.key, 80) ?? none,
    name: visible(figures.name, 80) ?? visible(figures.key, 80) ?? none,
  }));
  const times = Map.groupBy(named, ({ name }) => name);
  const { format } = report;
  return named.map(({ figures, key, name }) => ({
    name: times.get(name)?.length === 1 || name === key ? name : `${name} (${key})`,
    chats: format.count(figures.chats),
    ratio: shortRatio(report, figures),
    rate: format.percent(figures.missedRate),
    serviceLevel: format.percent(figures.serviceLevel.rate),
    wait: format.duration(figures.waitSeconds.p50),
  }));
}
