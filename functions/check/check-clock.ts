import { dayOf } from '../time/report-day.ts';
import { type Clue, weigh } from './clue.ts';
import { clueOfIds } from './clue-of-ids.ts';
import { clueOfNight } from './clue-of-night.ts';
import { clueOfPresent } from './clue-of-present.ts';
import { type Finding, fail, note, ok } from './finding.ts';
import type { Probe } from './probe.ts';
import type { Sample } from './sample.ts';
import type { CheckSubject } from './subject.ts';

const ID = 'clock';
const NAMES = { local: 'local', utc: 'UTC' } as const;

/**
 * Which clock CareSoft writes times by. What a window gives back cannot tell, for its bounds are read by the same
 * clock; so ids, the present and the night are asked.
 */
export async function checkClock(
  probe: Pick<Probe, 'count'>,
  { busiest, all }: { readonly busiest: Sample; readonly all: readonly Sample[] },
  { reading: { zone, clock } }: CheckSubject,
  epochMs: number,
): Promise<Finding> {
  const epochSeconds = Math.floor(epochMs / 1_000);
  if (zone.fromEpoch(epochSeconds).wallSeconds === epochSeconds) {
    return ok(ID, `In ${zone.name} it is as late as by UTC: CARESOFT_CLOCK makes no difference.`);
  }
  const middle = busiest.chats[Math.floor(busiest.chats.length / 2)];
  const day = middle ? dayOf(middle.chat.startedAt) : busiest.day;
  const clues = [
    clueOfIds(
      all.flatMap(({ chats }) => chats),
      zone,
    ),
    await clueOfPresent(probe, busiest.asked, { zone, epochSeconds }),
    await clueOfNight(probe, busiest.asked, { zone, day }),
  ];
  return judgeClock(
    clues.filter((clue) => clue !== null),
    clock,
  );
}

export function judgeClock(clues: readonly Clue[], setting: 'local' | 'utc'): Finding {
  const verdict = weigh(clues);
  const seen = clues.map(({ says }) => says).join('; ');
  if (verdict.clock === null) {
    return note(
      ID,
      `Whether times are local or UTC could not be told${seen === '' ? '' : `: ${seen}`}.`,
      `compare one chat's start in CareSoft with the clock on the wall; CARESOFT_CLOCK is ${setting} now`,
    );
  }
  const change = `set CARESOFT_CLOCK=${verdict.clock}`;
  const name = NAMES[verdict.clock];
  if (verdict.clock === setting) {
    return ok(ID, `Times are ${verdict.isSure ? '' : 'probably '}${name}, as CARESOFT_CLOCK says: ${seen}.`);
  }
  return verdict.isSure
    ? fail(ID, `Times are ${name}, but CARESOFT_CLOCK is ${setting}: ${seen}.`, change)
    : note(
        ID,
        `Times may be ${name}, and CARESOFT_CLOCK is ${setting}: ${seen}.`,
        `compare one chat's start in CareSoft with the clock on the wall; if it is ${name}, ${change}`,
      );
}
