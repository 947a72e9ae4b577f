import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import {
  type SimulatorOptions,
  startSimulator,
} from '../../functions/sources/caresoft/simulator/simulator.ts';
import { environmentOf } from '../aws/environment.ts';
import { startS3 } from '../aws/s3-endpoint.ts';
import { startSecrets } from '../aws/secrets-endpoint.ts';
import { startSes } from '../aws/ses-endpoint.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { call } from './call.ts';
import type { Surroundings } from './command.ts';

export const TOKEN = 'never-to-be-shown-4711';
export const SECRET = 'chat-report/demo/caresoft-token';

/** CareSoft and AWS, the settings that point to them, and a folder to work in. */
export async function besideAws(simulated: SimulatorOptions = { chats: 60 }) {
  const [simulator, s3, ses, secrets] = await Promise.all([
    startSimulator({ requestsPerSecond: 10_000, ...simulated, token: TOKEN }),
    startS3({ buckets: ['lake'], versioned: true }),
    startSes({ identities: new Map([['example.com', 'Success']]) }),
    startSecrets({ [SECRET]: TOKEN }),
  ]);
  onTestFinished(async () => {
    await Promise.all([simulator.close(), s3.close(), ses.close(), secrets.close()]);
  });
  const settings = {
    CARESOFT_BASE_URL: simulator.baseUrl,
    CARESOFT_TOKEN_SECRET: SECRET,
    CARESOFT_REQUESTS_PER_SECOND: '15',
    LAKE_URI: 's3://lake/demo',
    MAIL_FROM: 'report@example.com',
    MAIL_TO: 'a@example.com,b@example.com',
    ...environmentOf({ s3, ses, secrets }),
  };
  return { simulator, s3, ses, secrets, settings, cwd: await temporaryFolder() };
}

/** Calls the command line in this process, whose own environment says meanwhile where AWS is: the SDK reads it there. */
export async function callOnAws(args: readonly string[], { cwd, settings }: Required<Surroundings>) {
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const takesOutbox = ['run', 'erase'].includes(args[0] ?? '') && !args.includes('--send');
  try {
    return await call([...args, ...(takesOutbox ? ['--outbox', join(cwd, 'out/outbox')] : [])], settings);
  } finally {
    vi.unstubAllEnvs();
  }
}
