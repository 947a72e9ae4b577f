import { decided } from '../measure/add-up.ts';
import type { Summary } from '../measure/summary.ts';
import { isStatusUnknown } from '../measure/unknown-status.ts';
import type { EarlierDay } from './baselines.ts';
import { isPartial } from './missing.ts';
import type { Scope } from './scope.ts';
import { usualWorkload } from './usual-workload.ts';
import type { ReportView } from './view.ts';
import type { Voice } from './voice.ts';
import { nameOf, PLAINLY_MISSED, type WorstPart, worstOf } from './worst.ts';

/** What holds less of all that was missed explains little of it. */
const TELLING = 0.15;

/** Where and when it went wrong, how many were at work then, and how much was given to no one; null where nothing stands out. */
export function whyOf(
  summary: Summary,
  scope: Scope,
  history: readonly EarlierDay[],
  voice: Voice,
): ReportView['why'] {
  const { figures } = scope;
  if (scope.isDayOff || figures.missed < PLAINLY_MISSED || isStatusUnknown(summary.totals)) return null;
  const { words } = voice;
  const found = worstOf(summary, scope);
  const worst = found !== null && found.figures.missed >= TELLING * figures.missed ? found : null;
  const unassigned = unassignedOf(summary, scope, voice);
  const whole = scope.hours === null ? words.because.allDay : words.because.allHours;
  const parts = [
    ...(worst === null ? [] : [sayWorst(worst, summary, scope, history, voice)]),
    ...(unassigned === null ? [] : [worst === null ? unassigned : whole(unassigned)]),
  ];
  return parts.length === 0 ? null : { label: words.because.label, text: `${parts.join('; ')}.` };
}

function sayWorst(
  worst: WorstPart,
  summary: Summary,
  { figures }: Scope,
  history: readonly EarlierDay[],
  voice: Voice,
): string {
  const { words, format } = voice;
  const ratio = words.missedOf(format.count(worst.figures.missed), format.count(figures.missed));
  const fell = words.because.fellOn(ratio, nameOf(worst, voice));
  return [fell, ...staffOf(worst.hour, summary, history, voice)].join(', ');
}

/** Of a part of the day alone it is not known who took chats of which channel. */
function staffOf(
  hour: number | null,
  summary: Summary,
  history: readonly EarlierDay[],
  { words, format }: Voice,
): string[] {
  const now = hour === null || isPartial(summary) ? undefined : summary.workload?.byHour[hour];
  if (now === undefined || hour === null) return [];
  const usual = usualWorkload(history, hour);
  const say = words.because;
  const usually = (count: number): string => say.usually(format.decimal(count));
  const isFewer = usual !== null && now.agents < usual.agents;
  const agents =
    now.agents === 0
      ? say.noAgents
      : (isFewer ? say.agents : say.agentsAsUsual)(format.count(now.agents), now.agents);
  const { chatsAtOnce } = now;
  return [
    `${agents}${usual === null ? '' : usually(usual.agents)}`,
    ...(chatsAtOnce === null
      ? []
      : [
          `${say.atOnce(format.decimal(chatsAtOnce))}${usual?.chatsAtOnce == null ? '' : usually(usual.chatsAtOnce)}`,
        ]),
  ];
}

/** How many of the missed chats were given to no one; null where none was, or it is not known. */
function unassignedOf(summary: Summary, { figures, hours }: Scope, { words, format }: Voice): string | null {
  const unassigned = summary.workload?.unassigned ?? null;
  const count = unassigned === null ? null : hours === null ? unassigned.missed : unassigned.missedInside;
  if (count === null || count === 0 || decided(figures) === 0) return null;
  return words.because.unassigned(words.missedOf(format.count(count), format.count(figures.missed)));
}
