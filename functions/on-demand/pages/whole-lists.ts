import type { KeyedFigures, Summary } from '../../measure/summary.ts';
import { listsOf } from '../../report/lists.ts';
import { namesApart } from '../../report/names-apart.ts';
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

/** Every row of the lists of which a mail shows the first. */
export function allLists(summary: Summary, voice: PageVoice): FiguresList[] {
  return listsOf(summary, voice.report.words).map(({ words: { title, one, none }, rows }) => {
    const rest = rows.length - ROWS_SHOWN;
    const more = rest > 0 ? voice.say.restOfRows(voice.report.format.count(rest)) : null;
    return { title, of: one, rows: figuresRows(rows.slice(0, ROWS_SHOWN), none, voice), more };
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
