import type { KeyedFigures, Summary } from '../../measure/summary.ts';
import { namesApart } from '../../report/name-keys.ts';
import { rateBeside, serviceLevelOf, shortRatio } from '../../report/voice.ts';
import type { PageVoice } from './words.ts';

/** A mail is cut at ten agents; a page has room for all but the absurd. */
const ROWS_SHOWN = 200;

/** As much of a list as is shown, and what is said of the rest; null where there is none. */
interface Shown<Row> {
  readonly rows: readonly Row[];
  readonly more: string | null;
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

function figuresRows(all: readonly KeyedFigures[], none: string, { report }: PageVoice): FiguresRow[] {
  const names = namesApart(all, none, { name: 80, key: 80 });
  const { format } = report;
  return all.map((figures, at) => ({
    name: names[at] ?? none,
    chats: format.count(figures.chats),
    ratio: shortRatio(report, figures),
    rate: rateBeside(report, figures),
    serviceLevel: serviceLevelOf(report, figures),
    wait: format.duration(figures.waitSeconds.p50),
  }));
}
