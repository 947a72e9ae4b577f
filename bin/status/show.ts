import { openLake } from '../../functions/app/compose.local.ts';
import type { Day } from '../../functions/calendar/day.ts';
import { toZonedWords } from '../../functions/calendar/time-zone.ts';
import { identifyLake, type LakeIdentity } from '../../functions/storage/lake-identity.ts';
import type { LakePlace } from '../../functions/storage/object-store.ts';
import { toJsonText } from '../../functions/text/write-json.ts';
import type { Terminal } from '../terminal.ts';
import { describePlaces, nameCommand } from '../typed-commands.ts';
import { gatherStatus, type StatusInput } from './days.ts';
import { gatherDay } from './one-day.ts';
import { describeDetails } from './print-day.ts';
import { describeStatus } from './print-days.ts';

export interface StatusTask extends Omit<StatusInput, 'lake' | 'now'> {
  readonly place: LakePlace;
  readonly lakeUri: string;
  /** The value of `--lake`. */
  readonly lakeOption: string | undefined;
  /** Null for the last days. */
  readonly day: Day | null;
  /** At most so many days. */
  readonly most: number;
  readonly json: boolean;
}

/** Prints how the lake stands, or all of one day. */
export async function showStatus(
  { place, lakeUri, lakeOption, day, most, json, ...task }: StatusTask,
  terminal: Terminal,
): Promise<void> {
  const { out, now } = terminal;
  const lake = await openLake(place);
  const input = { ...task, lake, now };
  const { timeZone } = task;
  const account = accountOf(await identifyLake(lake));
  const head = { account, lake: lakeUri, timeZone, asOf: new Date(now).toISOString() };
  if (!json) {
    const at = toZonedWords(now, timeZone);
    out(`Account   ${account ?? 'not named yet'}\nAs of     ${at}; times are by this clock\n\n`);
  }
  if (day === null) {
    const status = await gatherStatus(input, most);
    out(
      json
        ? toDocument({ schema: 'chat-report/status/1', ...head, ...status })
        : withPlaces(describeStatus(status, input), lakeOption, terminal),
    );
    return;
  }
  const details = await gatherDay(day, input);
  out(
    json
      ? toDocument({ schema: 'chat-report/status-of-day/1', ...head, ...details })
      : withPlaces(describeDetails(details, lakeUri, input), lakeOption, terminal),
  );
}

/** Names the program as it was called, and the options without which a command would look elsewhere. */
function withPlaces(text: string, lake: string | undefined, terminal: Terminal): string {
  if (!text.includes(NEXT)) return text;
  const places = describePlaces(terminal, lake);
  const hint = places === '' ? '' : `\nGive these commands the same places:${places}\n`;
  return `${text.replaceAll(NEXT, `Next: ${nameCommand(terminal)} `)}${hint}`;
}

const NEXT = 'Next: chat-report ';

function toDocument(value: object): string {
  return `${toJsonText(value, 2)}\n`;
}

function accountOf(identity: LakeIdentity): string | null {
  switch (identity.state) {
    case 'known':
      return identity.domain;
    case 'mixed':
      return identity.domains.join(', ');
    default:
      return null;
  }
}
