import { DriftTally } from '../chat/drift.ts';
import { parseChat, type RowReading } from '../chat/parse-chat.ts';
import { countOf, type Finding, fail, note, ok } from './finding.ts';
import type { Sample } from './sample.ts';

type Occurrences = Readonly<Record<string, number>>;

/** What the program would show of any name: CareSoft's, but not whatever else stands in its place. */
const NAME = /^[A-Za-z_(][\w.() -]*…?$/;
const MANY_DIGITS = /\d{5}/;
const MOST_NAMES = 12;
const CUT = 'the whole of them is in the lake, under raw/; docs/lake.md says what is kept of each';

/** What of the rows cannot be read, and what of them nobody has described. */
export function checkRows(samples: readonly Sample[], reading: RowReading): Finding[] {
  const drift = new DriftTally();
  let rows = 0;
  let rejected = 0;
  for (const { asked, rows: came } of samples) {
    for (const row of came) {
      rows += 1;
      if (typeof parseChat(row, asked.channel, reading, drift) === 'string') rejected += 1;
    }
  }
  const { unknownFields, unknownStatuses, unreadable, cut = {} } = drift.toDrift();
  return [
    judgeReadable(rows, rejected, unreadable),
    ...(Object.keys(cut).length > 0
      ? [note('cut', `Too long or too deep, and cut: ${list(cut)}.`, CUT)]
      : []),
    judgeUnknown('fields', 'field', unknownFields, 'they are kept in the lake, and shown nowhere'),
    judgeUnknown(
      'statuses',
      'status',
      unknownStatuses,
      'these chats are counted, in no rate; ask CareSoft what it means',
    ),
  ];
}

function judgeReadable(rows: number, rejected: number, unreadable: Occurrences): Finding {
  const parts = [
    ...(rejected > 0 ? [`${rejected} without an id or a start, which are in no figure`] : []),
    ...(Object.keys(unreadable).length > 0 ? [`unreadable values, taken for none: ${list(unreadable)}`] : []),
  ];
  if (parts.length === 0) return ok('rows', `All ${countOf(rows, 'row')} that came can be read.`);
  const says = `Of ${countOf(rows, 'row')} that came: ${parts.join('; ')}.`;
  const todo = 'ask CareSoft what they mean; a report keeps them in the lake, under raw/';
  // A report is not sent either where most of a day cannot be read.
  return rejected > rows - rejected ? fail('rows', says, todo) : note('rows', says, todo);
}

function judgeUnknown(id: string, noun: string, names: Occurrences, meaning: string): Finding {
  return Object.keys(names).length === 0
    ? ok(id, `No ${noun} that is unknown.`)
    : note(id, `Unknown ${id}: ${list(names)}.`, meaning);
}

function list(names: Occurrences): string {
  const safe = Object.entries(names).map(([name, times]) => `${inSafety(name)} (${times})`);
  const more = safe.length - MOST_NAMES;
  return [...safe.slice(0, MOST_NAMES), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

/** A customer's number or address may have slipped into the place of a name. */
function inSafety(name: string): string {
  return NAME.test(name) && !MANY_DIGITS.test(name) ? name : '(something that is no name)';
}
