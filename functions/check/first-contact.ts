import type { Channel } from '../chat/channel.ts';
import type { Day } from '../time/report-day.ts';
import { sampleDay } from './check-channel.ts';
import { type Finding, fail, ok } from './finding.ts';
import type { Probe } from './probe.ts';
import type { Sample } from './sample.ts';
import type { CheckSubject } from './subject.ts';
import type { Trouble } from './trouble.ts';
import type { Troubles } from './troubles.ts';

export interface FirstContact {
  readonly findings: readonly Finding[];
  /** Of the channels that answered. */
  readonly samples: readonly Sample[];
}

/** The first request to each channel, which shows at once whether host, domain and token are right. */
export async function makeContact(
  probe: Probe,
  day: Day,
  subject: CheckSubject,
  troubles: Troubles,
): Promise<FirstContact> {
  const samples: Sample[] = [];
  const failed: { readonly channel: Channel; readonly trouble: Trouble }[] = [];
  for (const channel of subject.channels) {
    await troubles.attempt(
      async () => {
        samples.push(await sampleDay(probe, channel, day, subject));
        troubles.hasAnswered = true;
      },
      (trouble) => {
        failed.push({ channel, trouble });
      },
    );
  }
  const [first] = failed;
  if (samples.length === 0 && first !== undefined && failed.every(({ trouble }) => !trouble.wasReached)) {
    return { findings: [first.trouble.finding], samples };
  }
  const welcomed = samples.length > 0 ? welcome() : [];
  const missing = failed.map(({ channel, trouble }) => failChannel(channel, trouble));
  return { findings: [reached(subject), ...welcomed, ...missing], samples };
}

export function reached({ baseUrl }: CheckSubject): Finding {
  return ok('connection', `CareSoft answers at ${URL.parse(baseUrl)?.host ?? baseUrl}.`);
}

export function failChannel(channel: Channel, { finding }: Trouble): Finding {
  return fail(`chats.${channel}`, `${channel}: ${finding.says}`, finding.do);
}

function welcome(): Finding[] {
  return [ok('domain', 'The account is known there.'), ok('token', 'The token is accepted.')];
}
